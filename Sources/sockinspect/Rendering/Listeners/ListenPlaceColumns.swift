import ProcNet

extension ListenColumn {
  /// What a listener is and where it listens.
  static let placeColumns: [ListenColumn] = [
    netid,
    ListenColumn("netns", "Netns", "network namespace: name, or inode number") { row, facts in
      let namespace = row.socket.namespace
      if let name = facts.namespaceName(namespace) { return .name(name.rawBytes) }
      return namespace == 0 ? .unknown : .words(String(namespace))
    },
    ListenColumn("local", "Local Address:Port", "address and port, or the path") { row, facts in
      .words(ListenAddress.text(of: row.socket, facts))
    },
    ListenColumn(
      "shard", "Shard", "SO_REUSEPORT: which of how many sockets on this address"
    ) { row, _ in
      let listener = row.listener
      return listener.shards > 1
        ? .words("\(listener.shard + 1)/\(listener.shards)") : .unknown
    },
    number("shards", "Shards", "how many sockets listen on this address") {
      .count($0.listener.shards)
    },
    number("inode", "Inode", "inode of the socket") { .count($0.socket.inode) },
    number("uid", "UID", "user id of the creator") { .count($0.socket.uid) },
    ListenColumn("user", "User", "user name of the creator") { row, facts in
      guard let uid = row.socket.uid else { return .unknown }
      return .name(facts.userName(uid) ?? Array(String(uid).utf8))
    },
    ListenColumn("cookie", "Cookie", "the kernel's number of the socket, hex") { row, _ in
      row.socket.cookie.map { .words(String($0, radix: 16)) } ?? .unknown
    },
  ]

  private static let netid = ListenColumn(
    "netid", "Netid", "kind of listener: tcp, udp, u_str, u_seq"
  ) { row, _ in .words(row.socket.netid.name) }
}

/// Where a listener is to be reached, safe to look at.
enum ListenAddress {
  static func text(of socket: Socket, _ surroundings: any SocketContext) -> String {
    var writer = ByteWriter(capacity: 128)
    if socket.netid.isInternet {
      EndpointText.appendLocal(socket, surroundings, to: &writer)
    } else if let path = socket.path, !path.isEmpty {
      SafeText.append(EndpointText.visible(path), to: &writer)
    } else {
      writer.append(UInt8(ascii: "*"))
    }
    return writer.text
  }
}
