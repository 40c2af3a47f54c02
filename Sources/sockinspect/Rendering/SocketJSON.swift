import ProcNet

/// Everything that is known of a socket, with units in the keys, which are part of the schema.
struct SocketJSON: SocketObject {
  var listKey: StaticString { "sockets" }

  func append(
    _ socket: borrowing Socket, _ surroundings: any SocketContext, _ json: inout JSONWriter,
    _ writer: inout ByteWriter
  ) {
    json.open("{", &writer)
    json.member("netid", plain: socket.netid.name, &writer)
    json.member("state", plain: socket.state.name, &writer)
    json.member("family", plain: socket.family.name, &writer)
    json.member("recv_q", socket.receiveQueue, &writer)
    json.member("send_q", socket.sendQueue, &writer)
    Self.appendPlace(socket, surroundings, &json, &writer)
    Self.appendIdentity(socket, surroundings, &json, &writer)
    Self.appendBelonging(socket, surroundings, &json, &writer)
    Self.appendTimer(socket, &json, &writer)
    if let details = socket.details { DetailsJSON.append(details, &json, &writer) }
    json.close("}", &writer)
  }

  /// Addresses, path or packet protocol.
  private static func appendPlace(
    _ socket: borrowing Socket, _ surroundings: any SocketContext, _ json: inout JSONWriter,
    _ writer: inout ByteWriter
  ) {
    if socket.netid.isInternet {
      EndpointJSON.append("local", socket.local, &json, &writer)
      EndpointJSON.append("peer", socket.peer, &json, &writer)
      json.member("v6only", socket.isV6Only, &writer)
    } else if socket.netid.isUnix {
      if let path = socket.path {
        json.member("path", bytes: EndpointText.visible(path), &writer)
        json.member("abstract", path.first == 0 ? true : nil, &writer)
      }
      json.member("peer_inode", socket.peerInode.flatMap { $0 == 0 ? nil : $0 }, &writer)
    } else {
      json.member("protocol", socket.packetProtocol, &writer)
    }
    if socket.interface != 0 {
      let name = surroundings.interfaceName(socket.interface, in: socket.namespace)
      json.member("interface", bytes: name ?? Array("if\(socket.interface)".utf8), &writer)
    }
  }

  private static func appendIdentity(
    _ socket: borrowing Socket, _ surroundings: any SocketContext, _ json: inout JSONWriter,
    _ writer: inout ByteWriter
  ) {
    json.member("inode", socket.inode, &writer)
    json.member("uid", socket.uid, &writer)
    if let cookie = socket.cookie {
      json.key("cookie", &writer)
      json.quoted(&writer) { $0.append(hexadecimal: cookie) }
    }
    if socket.namespace != 0 { json.member("netns", socket.namespace, &writer) }
    json.member(
      "netns_name", bytes: surroundings.namespaceName(socket.namespace)?.rawBytes, &writer)
    json.member("cgroup", bytes: surroundings.controlGroup(of: socket), &writer)
    json.member("service", bytes: surroundings.service(of: socket)?.rawBytes, &writer)
    json.member("container", bytes: surroundings.container(of: socket)?.rawBytes, &writer)
  }

  /// Who holds it; if nobody, why.
  private static func appendBelonging(
    _ socket: borrowing Socket, _ surroundings: any SocketContext, _ json: inout JSONWriter,
    _ writer: inout ByteWriter
  ) {
    EndpointJSON.append("owners", surroundings.owners(of: socket), &json, &writer)
    EndpointJSON.append("peer_owners", surroundings.peerOwners(of: socket), &json, &writer)
    let standing = surroundings.standing(of: socket)
    json.member("standing", plain: standing.rawValue, &writer)
    if socket.netid == .tcp { json.member("queued", standing == .queued, &writer) }
    if standing == .queued { json.member("age_ms", QueueFacts.age(of: socket), &writer) }
  }

  private static func appendTimer(
    _ socket: borrowing Socket, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    guard let timer = socket.timer, timer.kind != 0 else { return }
    json.key("timer", &writer)
    json.open("{", &writer)
    json.member("kind", text: timer.name.description, &writer)
    json.member("expires_ms", timer.expires, &writer)
    json.member("retransmits", timer.retransmits, &writer)
    json.close("}", &writer)
  }
}
