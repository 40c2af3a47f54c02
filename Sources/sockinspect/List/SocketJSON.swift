import ProcNet

/// Everything that is known of a socket, with units in the keys, which are part of the schema.
enum SocketJSON {
  static func append(
    _ socket: borrowing Socket, _ context: any SocketContext, _ json: inout JSONWriter,
    _ writer: inout ByteWriter
  ) {
    json.open("{", &writer)
    json.member("netid", plain: socket.netid.name, &writer)
    json.member("state", plain: socket.state.name, &writer)
    json.member("family", plain: socket.family.name, &writer)
    json.member("recv_q", socket.queues.recvQ, &writer)
    json.member("send_q", socket.queues.sendQ, &writer)
    appendPlace(socket, context, &json, &writer)
    appendIdentity(socket, context, &json, &writer)
    appendBelonging(socket, context, &json, &writer)
    appendTimer(socket, &json, &writer)
    if let details = socket.details {
      DetailsJSON.append(details, ofListener: socket.state == .listen, &json, &writer)
    }
    json.close("}", &writer)
  }

  /// Addresses, path or packet protocol.
  private static func appendPlace(
    _ socket: borrowing Socket, _ context: any SocketContext, _ json: inout JSONWriter,
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
      let name = context.interfaceName(socket.interface, in: socket.namespace)
      json.member("interface", bytes: name ?? Array("if\(socket.interface)".utf8), &writer)
    }
  }

  private static func appendIdentity(
    _ socket: borrowing Socket, _ context: any SocketContext, _ json: inout JSONWriter,
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
      "netns_name", bytes: context.namespaceName(socket.namespace)?.rawBytes, &writer)
    json.member("cgroup", bytes: context.controlGroup(of: socket), &writer)
    json.member("service", bytes: context.service(of: socket)?.rawBytes, &writer)
    json.member("container", bytes: context.container(of: socket)?.rawBytes, &writer)
  }

  /// Who holds it; if nobody, why.
  private static func appendBelonging(
    _ socket: borrowing Socket, _ context: any SocketContext, _ json: inout JSONWriter,
    _ writer: inout ByteWriter
  ) {
    EndpointJSON.append("owners", context.owners(of: socket), &json, &writer)
    EndpointJSON.append("peer_owners", context.peerOwners(of: socket), &json, &writer)
    let ownership = context.ownership(of: socket)
    json.member("standing", plain: ownership.rawValue, &writer)
    if socket.netid == .tcp { json.member("queued", ownership == .queued, &writer) }
    if ownership == .queued { json.member("age_ms", socket.queuedAge, &writer) }
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

/// Members that objects of several commands have: an end of a connection, a list of holders.
enum EndpointJSON {
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

/// The details of a socket as JSON members.
enum DetailsJSON {
  static func append(
    _ details: SocketDetails, ofListener isListener: Bool, _ json: inout JSONWriter,
    _ writer: inout ByteWriter
  ) {
    json.member("shutdown", details.shutdown, &writer)
    json.member("mark", details.mark, &writer)
    json.member("tos", details.typeOfService, &writer)
    json.member("tclass", details.trafficClass, &writer)
    json.member("class_id", details.classID, &writer)
    json.member("ulp", bytes: details.upperLayerName, &writer)
    switch details.upperLayer {
    case .tls(let tls): append(tls, &json, &writer)
    case .mptcp(let subflow): append(subflow, &json, &writer)
    case nil: break
    }
    append(details.md5Peers, &json, &writer)
    json.member("drops", details.drops, &writer)
    appendWaiting(details.waiting, &json, &writer)
    if let memory = details.memory { append(memory, &json, &writer) }
    json.member("congestion", bytes: details.congestion, &writer)
    if let info = details.congestionInfo { append(info, &json, &writer) }
    if let tcp = details.tcp {
      append(tcp, isListener ? TCPInfoKeys.ofListeners : .all, &json, &writer)
    }
    if let packet = details.packet { append(packet, &json, &writer) }
  }

  private static func append(
    _ tls: UpperLayer.TLSInfo, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.key("tls", &writer)
    json.open("{", &writer)
    json.member("version", tls.version, &writer)
    json.member("cipher", tls.cipher, &writer)
    json.member("sending", tls.sending, &writer)
    json.member("receiving", tls.receiving, &writer)
    json.close("}", &writer)
  }

  private static func append(
    _ subflow: UpperLayer.MPTCPInfo, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.key("mptcp", &writer)
    json.open("{", &writer)
    json.member("flags", subflow.flags, &writer)
    json.member("remote_token", subflow.remoteToken, &writer)
    json.member("local_token", subflow.localToken, &writer)
    json.member("remote_id", subflow.remoteID, &writer)
    json.member("local_id", subflow.localID, &writer)
    json.close("}", &writer)
  }

  private static func append(
    _ peers: [MD5Peers], _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    guard !peers.isEmpty else { return }
    json.key("md5_peers", &writer)
    json.open("[", &writer)
    for peer in peers {
      var text = ByteWriter()
      SSUpperLayer.append(peer, to: &text)
      json.string(text.bytes, &writer)
    }
    json.close("]", &writer)
  }

  /// unix listeners: inodes of the connections that wait.
  private static func appendWaiting(
    _ waiting: [UInt32]?, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    guard let waiting else { return }
    json.key("waiting_inodes", &writer)
    json.open("[", &writer)
    for inode in waiting { json.number(UInt64(inode), &writer) }
    json.close("]", &writer)
  }

  private static func append(
    _ memory: SocketMemory, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.key("memory", &writer)
    json.open("{", &writer)
    json.member("receive_allocated", memory.receiveAllocated, &writer)
    json.member("receive_limit", memory.receiveLimit, &writer)
    json.member("send_allocated", memory.sendAllocated, &writer)
    json.member("send_limit", memory.sendLimit, &writer)
    json.member("forward_allocated", memory.forwardAllocated, &writer)
    json.member("send_queued", memory.sendQueued, &writer)
    json.member("options", memory.options, &writer)
    json.member("backlog", memory.backlog, &writer)
    json.member("drops", memory.drops, &writer)
    json.close("}", &writer)
  }

  private static func append(
    _ tcp: TCPInfo, _ keys: TCPInfoKeys, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.key("tcp", &writer)
    json.open("{", &writer)
    for index in keys.places.indices {
      guard let value = tcp[keys.places[index]] else { continue }
      json.readyKey(keys.text, keys.ranges[index], &writer)
      json.number(value, &writer)
    }
    json.close("}", &writer)
  }

  private static func append(
    _ info: CongestionInfo, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.key("congestion_info", &writer)
    json.open("{", &writer)
    switch info {
    case .vegas(let enabled, let count, let rtt, let minimum):
      json.member("enabled", enabled, &writer)
      json.member("rtt_count", count, &writer)
      json.member("rtt_us", rtt, &writer)
      json.member("min_rtt_us", minimum, &writer)
    case .dctcp(let enabled, let ceState, let alpha, let ecnBytes, let totalBytes):
      json.member("enabled", enabled, &writer)
      json.member("ce_state", ceState, &writer)
      json.member("alpha", alpha, &writer)
      json.member("ecn_bytes", ecnBytes, &writer)
      json.member("total_bytes", totalBytes, &writer)
    case .bbr(let bandwidth, let minimum, let pacing, let window):
      json.member("bandwidth_bytes_per_s", bandwidth, &writer)
      json.member("min_rtt_us", minimum, &writer)
      json.member("pacing_gain_256ths", pacing, &writer)
      json.member("cwnd_gain_256ths", window, &writer)
    }
    json.close("}", &writer)
  }

  private static func append(
    _ packet: PacketDetails, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.key("packet", &writer)
    json.open("{", &writer)
    json.member("version", packet.version, &writer)
    json.member("copy_threshold", packet.copyThreshold, &writer)
    json.member("flags", packet.flags, &writer)
    json.member("fanout", packet.fanout, &writer)
    append("receive_ring", packet.receiveRing, &json, &writer)
    append("send_ring", packet.sendRing, &json, &writer)
    json.close("}", &writer)
  }

  private static func append(
    _ name: StaticString, _ ring: PacketDetails.Ring?, _ json: inout JSONWriter,
    _ writer: inout ByteWriter
  ) {
    guard let ring else { return }
    json.key(name, &writer)
    json.open("{", &writer)
    json.member("block_size", ring.blockSize, &writer)
    json.member("block_count", ring.blockCount, &writer)
    json.member("frame_size", ring.frameSize, &writer)
    json.member("frame_count", ring.frameCount, &writer)
    json.member("retire_timeout_ms", ring.retireTimeout, &writer)
    json.member("features", ring.features, &writer)
    json.close("}", &writer)
  }
}

/// The keys of fields of `tcp_info`, made ready once in one piece of text: a listing writes 60 of
/// them a row.
private struct TCPInfoKeys {
  var places: [TCPInfoField.Place] = []
  var ranges: [Range<Int>] = []
  var text: [UInt8] = []

  static let all = TCPInfoKeys(TCPInfoField.all)
  static let ofListeners = TCPInfoKeys(TCPInfoField.ofListeners)

  private init(_ fields: [TCPInfoField]) {
    for field in fields {
      let start = text.count
      text += Array("\"\(field.key)\":".utf8)
      places.append(field.place)
      ranges.append(start..<text.count)
    }
  }
}
