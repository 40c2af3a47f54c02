import ProcNet

extension Column {
  /// What ss's row has, and what identifies a socket.
  static let socketColumns: [Column] = [
    netid, state, recvQ, sendQ, local, peer, standing, inode, uid, user, cookie, family, netns,
    interface, path, age, fill,
  ]

  static let netid = Column("netid", "Netid", "kind of socket: tcp, udp, raw, u_str …") {
    socket, _, writer in writer.append(socket.netid.name)
  }

  static let state = Column("state", "State", "state as ss names it") { socket, _, writer in
    if let name = socket.state.knownName {
      writer.append(name)
    } else {
      writer.append(socket.state.name)
    }
  }

  static let recvQ = number(
    "recv-q", "Recv-Q", "bytes not read yet; of a listener: connections waiting for accept"
  ) { $0.receiveQueue.map(UInt64.init) }

  static let sendQ = number(
    "send-q", "Send-Q", "bytes not acknowledged yet; of a listener: limit of the accept queue"
  ) { $0.sendQueue.map(UInt64.init) }

  static let local = Column("local", "Local Address:Port", "own address and port") {
    socket, surroundings, writer in
    EndpointText.appendLocal(socket, surroundings, to: &writer)
  }

  static let peer = Column("peer", "Peer Address:Port", "address and port of the other end") {
    socket, surroundings, writer in
    EndpointText.appendPeer(socket, surroundings, to: &writer)
  }

  static let standing = Column(
    "standing", "Standing", "held, queued (waits for accept), syn-recv, time-wait, orphan",
    needs: .standing
  ) { socket, surroundings, writer in
    writer.append(surroundings.standing(of: socket).rawValue)
  }

  static let inode = number("inode", "Inode", "inode of the socket file, 0 when there is none") {
    UInt64($0.inode)
  }

  static let uid = number("uid", "UID", "user id of the creator") { $0.uid.map(UInt64.init) }

  static let user = text("user", "User", "user name of the creator", needs: []) {
    socket, surroundings in
    guard let uid = socket.uid else { return nil }
    return surroundings.userName(uid) ?? Array(String(uid).utf8)
  }

  static let cookie = Column("cookie", "Cookie", "the kernel's number of the socket, hex") {
    socket, _, writer in
    guard let cookie = socket.cookie else { return writer.append(UInt8(ascii: "-")) }
    writer.append(hexadecimal: cookie)
  }

  static let family = Column("family", "Family", "inet, inet6, unix or link") {
    socket, _, writer in writer.append(socket.family.name)
  }

  static let netns = Column("netns", "Netns", "network namespace: name, or inode number") {
    socket, surroundings, writer in
    if let name = surroundings.namespaceName(socket.namespace) {
      SafeText.append(name.rawBytes, to: &writer)
    } else if socket.namespace != 0 {
      writer.append(decimal: socket.namespace)
    } else {
      writer.append(UInt8(ascii: "-"))
    }
  }

  static let interface = text("interface", "Interface", "interface it is bound to", needs: []) {
    socket, surroundings in
    guard socket.interface != 0 else { return nil }
    return surroundings.interfaceName(socket.interface, in: socket.namespace)
      ?? Array("if\(socket.interface)".utf8)
  }

  static let path = text("path", "Path", "unix: bound name, abstract ones begin with @", needs: [])
  { socket, _ in socket.path.map(EndpointText.visible) }

  static let age = number(
    "age", "Age", "queued connections: milliseconds since the handshake ended",
    needs: [.tcp, .standing]
  ) { QueueFacts.age(of: $0) }

  static let fill = Column(
    "fill", "Fill", "listeners: length of the accept queue in per cent of its limit", right: true
  ) { socket, _, writer in
    guard let share = QueueFacts.fill(of: socket) else {
      return writer.append(UInt8(ascii: "-"))
    }
    writer.append(decimal: share)
    writer.append(UInt8(ascii: "%"))
  }
}
