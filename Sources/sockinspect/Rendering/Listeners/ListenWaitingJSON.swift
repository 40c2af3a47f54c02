import ProcNet

/// The roll call as JSON, and the pieces that it shares with the listener itself.
enum ListenWaitingJSON {
  static func append(
    _ row: ListenRow, _ surroundings: any SocketContext, _ json: inout JSONWriter,
    _ writer: inout ByteWriter
  ) {
    json.key("waiting", &writer)
    json.open("[", &writer)
    for waiting in row.listener.waiting { append(waiting, surroundings, &json, &writer) }
    json.close("]", &writer)
    EndpointJSON.append("blocked", row.listener.blocked, &json, &writer)
  }

  private static func append(
    _ waiting: WaitingConnection, _ surroundings: any SocketContext, _ json: inout JSONWriter,
    _ writer: inout ByteWriter
  ) {
    json.open("{", &writer)
    if waiting.socket.netid.isInternet {
      EndpointJSON.append("peer", waiting.socket.peer, &json, &writer)
      json.member("state", plain: waiting.socket.state.name, &writer)
      json.member("abandoned", waiting.isAbandoned, &writer)
    }
    json.member("age_ms", waiting.age, &writer)
    json.member("unread_bytes", waiting.unreadBytes, &writer)
    json.member("peer_inode", waiting.clientInode, &writer)
    let clients = WaitingClients.owners(of: waiting, surroundings)
    EndpointJSON.append("peer_owners", clients, &json, &writer)
    json.close("}", &writer)
  }
}
