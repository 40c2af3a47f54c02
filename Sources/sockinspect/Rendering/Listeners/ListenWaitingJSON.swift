import ProcNet

/// The roll call as JSON, and the pieces that it shares with the listener itself.
enum ListenWaitingJSON {
  static func append(
    _ row: ListenRow, _ surroundings: any Surroundings, _ json: inout JSONWriter,
    _ writer: inout ByteWriter
  ) {
    json.key("waiting", &writer)
    json.open("[", &writer)
    for waiting in row.listener.waiting { append(waiting, surroundings, &json, &writer) }
    json.close("]", &writer)
    append("blocked", row.listener.blocked, &json, &writer)
  }

  private static func append(
    _ waiting: WaitingConnection, _ surroundings: any Surroundings, _ json: inout JSONWriter,
    _ writer: inout ByteWriter
  ) {
    json.open("{", &writer)
    if waiting.socket.netid.isInternet {
      append("peer", waiting.socket.peer, &json, &writer)
      json.member("state", plain: waiting.socket.state.name, &writer)
      json.member("abandoned", waiting.isAbandoned, &writer)
    }
    json.member("age_ms", waiting.age, &writer)
    json.member("unread_bytes", waiting.unreadBytes, &writer)
    json.member("peer_inode", waiting.clientInode, &writer)
    let clients = WaitingClients.owners(of: waiting, surroundings)
    append("peer_owners", clients, &json, &writer)
    json.close("}", &writer)
  }

  static func append(
    _ name: StaticString, _ endpoint: Endpoint, _ json: inout JSONWriter,
    _ writer: inout ByteWriter
  ) {
    json.key(name, &writer)
    json.open("{", &writer)
    json.key("address", &writer)
    json.quoted(&writer) { AddressText.append(endpoint.address, to: &$0) }
    json.member("port", endpoint.port, &writer)
    json.close("}", &writer)
  }

  static func append(
    _ name: StaticString, _ owners: [Owner],
    _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    guard !owners.isEmpty else { return }
    json.key(name, &writer)
    json.open("[", &writer)
    for owner in owners {
      json.open("{", &writer)
      json.member("pid", UInt32(bitPattern: owner.process), &writer)
      json.member("command", bytes: owner.command, &writer)
      json.member("fd", UInt32(bitPattern: owner.descriptor), &writer)
      json.close("}", &writer)
    }
    json.close("]", &writer)
  }
}
