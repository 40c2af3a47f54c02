/// `struct inet_diag_msg` of `linux/inet_diag.h`: one TCP, UDP or raw socket.
///
/// family u8, state u8, timer u8, retransmits u8; ports in network order at 4 and 6; addresses of
/// 16 bytes at 8 and 24; interface at 40; cookie, two words, at 44; timer's end in ms at 52;
/// queues at 56 and 60; uid at 64; inode at 68. Attributes follow.
enum InetDiagMessage {
  static let size = 72

  /// Reads one message; nil when it is too short or of no internet family.
  static func decode(
    _ bytes: borrowing Span<UInt8>, _ netid: Netid, details: SocketQuery.Details
  ) -> Socket? {
    guard bytes.count >= size, let family = AddressFamily(rawValue: bytes[0]) else { return nil }
    guard family == .inet || family == .inet6 else { return nil }
    var socket = Socket(netid: netid, family: family, state: SocketState(rawValue: bytes[1]))
    socket.local = Endpoint(
      address: address(bytes, at: 8, family), port: bytes.networkNumber16(at: 4))
    socket.peer = Endpoint(
      address: address(bytes, at: 24, family), port: bytes.networkNumber16(at: 6))
    fillNumbers(of: &socket, from: bytes)
    // The kernel asks for them as a state of their own and answers with the socket's.
    if netid == .tcp, socket.state == .close { socket.state = .boundInactive }
    if details.isEmpty {
      if family == .inet6 { socket.isV6Only = isV6Only(bytes) }
    } else {
      InetDiagAttributes.fill(&socket, from: bytes)
    }
    return socket
  }

  @inline(__always)
  private static func fillNumbers(of socket: inout Socket, from bytes: borrowing Span<UInt8>) {
    socket.interface = bytes.number32(at: 40)
    socket.cookie = bytes.number64(at: 44)
    socket.timer = SocketTimer(
      kind: bytes[2], expires: bytes.number32(at: 52), retransmits: bytes[3])
    socket.queues = SocketQueues(of: socket.state, bytes.number32(at: 56), bytes.number32(at: 60))
    socket.inode = bytes.number32(at: 68)
    // What is left of a connection (timer 3, in TIME-WAIT or FIN-WAIT-2) and connection requests
    // have no owner; the kernel fills in a constant 0.
    let isRemnant = bytes[2] == 3 || socket.state == .timeWait || socket.state == .synReceived
    socket.uid = isRemnant && socket.inode == 0 ? nil : bytes.number32(at: 64)
  }

  @inline(__always)
  private static func address(
    _ bytes: borrowing Span<UInt8>, at offset: Int, _ family: AddressFamily
  ) -> IPAddress {
    if family == .inet { return IPAddress(v4: bytes.number32(at: offset).byteSwapped) }
    return IPAddress(
      v6High: bytes.networkNumber64(at: offset), low: bytes.networkNumber64(at: offset + 8))
  }

  /// The one attribute that decides how a plain listing writes an address.
  private static func isV6Only(_ bytes: borrowing Span<UInt8>) -> Bool? {
    var attributes = NetlinkAttributes(from: size)
    while attributes.next(in: bytes) {
      if attributes.type == InetDiagAttributes.v6Only {
        return attributes.number8(in: bytes).map { $0 != 0 }
      }
    }
    return nil
  }
}

/// The attributes behind an `inet_diag_msg` (`INET_DIAG_*` of `linux/inet_diag.h`).
enum InetDiagAttributes {
  static let info: UInt16 = 2
  static let vegas: UInt16 = 3
  static let congestion: UInt16 = 4
  static let typeOfService: UInt16 = 5
  static let trafficClass: UInt16 = 6
  static let memory: UInt16 = 7
  static let shutdown: UInt16 = 8
  static let dctcp: UInt16 = 9
  static let v6Only: UInt16 = 11
  static let mark: UInt16 = 15
  static let bbr: UInt16 = 16
  static let classID: UInt16 = 17
  static let md5Peers: UInt16 = 18
  static let upperLayer: UInt16 = 19
  static let controlGroup: UInt16 = 21
  static let socketOptions: UInt16 = 22

  /// Reads every attribute that is known and sets the socket's details.
  static func fill(_ socket: inout Socket, from bytes: borrowing Span<UInt8>) {
    var found = Found()
    var attributes = NetlinkAttributes(from: InetDiagMessage.size)
    while attributes.next(in: bytes) { found.take(attributes, in: bytes) }
    socket.isV6Only = found.isV6Only
    socket.details = found.details
  }

  /// What the walk has met so far.
  private struct Found {
    var isV6Only: Bool?
    var memory: SocketMemory?
    var tcp: TCPInfo?
    var congestion: [UInt8]?
    var congestionInfo: CongestionInfo?
    var mark: UInt32?
    var typeOfService: UInt8?
    var trafficClass: UInt8?
    var classID: UInt32?
    var cgroupID: UInt64?
    var shutdown: UInt8?
    var upperLayer: (name: [UInt8]?, details: UpperLayer?)
    var md5Peers: [MD5Peers] = []
    var socketOptions: UInt16?

    mutating func take(_ attribute: NetlinkAttributes, in bytes: borrowing Span<UInt8>) {
      switch attribute.type {
      case InetDiagAttributes.info: tcp = TCPInfo(bytes: attribute.bytes(in: bytes))
      case InetDiagAttributes.memory:
        memory = SocketMemory(words: attribute.words(in: bytes))
      case InetDiagAttributes.congestion: congestion = attribute.text(in: bytes)
      case InetDiagAttributes.vegas, InetDiagAttributes.dctcp, InetDiagAttributes.bbr:
        congestionInfo = CongestionInfoAttribute.decode(attribute, in: bytes)
      case InetDiagAttributes.v6Only:
        isV6Only = attribute.number8(in: bytes).map { $0 != 0 }
      default: takeSmall(attribute, in: bytes)
      }
    }

    private mutating func takeSmall(
      _ attribute: NetlinkAttributes, in bytes: borrowing Span<UInt8>
    ) {
      switch attribute.type {
      case InetDiagAttributes.mark: mark = attribute.number32(in: bytes)
      case InetDiagAttributes.typeOfService: typeOfService = attribute.number8(in: bytes)
      case InetDiagAttributes.trafficClass: trafficClass = attribute.number8(in: bytes)
      case InetDiagAttributes.classID: classID = attribute.number32(in: bytes)
      case InetDiagAttributes.controlGroup: cgroupID = attribute.number64(in: bytes)
      case InetDiagAttributes.shutdown: shutdown = attribute.number8(in: bytes)
      case InetDiagAttributes.socketOptions: socketOptions = attribute.number16(in: bytes)
      case InetDiagAttributes.upperLayer:
        upperLayer = UpperLayerAttribute.decode(attribute, in: bytes)
      case InetDiagAttributes.md5Peers:
        md5Peers = MD5PeersAttribute.decode(attribute, in: bytes)
      default: break
      }
    }

    var details: SocketDetails {
      SocketDetails(
        memory: memory, tcp: tcp, congestion: congestion, congestionInfo: congestionInfo,
        mark: mark, typeOfService: typeOfService, trafficClass: trafficClass, classID: classID,
        cgroupID: cgroupID, shutdown: shutdown, upperLayerName: upperLayer.name,
        upperLayer: upperLayer.details, md5Peers: md5Peers, socketOptions: socketOptions)
    }
  }
}

/// `tcpvegas_info`, `tcp_dctcp_info`, `tcp_bbr_info` of `linux/inet_diag.h`.
private enum CongestionInfoAttribute {
  static func decode(
    _ attribute: NetlinkAttributes, in bytes: borrowing Span<UInt8>
  ) -> CongestionInfo? {
    let words = attribute.words(in: bytes)
    switch attribute.type {
    case InetDiagAttributes.vegas where words.count >= 4:
      return .vegas(enabled: words[0] != 0, rttCount: words[1], rtt: words[2], minRTT: words[3])
    case InetDiagAttributes.dctcp where words.count >= 4:
      return .dctcp(
        enabled: words[0] & 0xFFFF != 0, ceState: UInt16(truncatingIfNeeded: words[0] >> 16),
        alpha: words[1], ecnBytes: words[2], totalBytes: words[3])
    case InetDiagAttributes.bbr where words.count >= 5:
      return .bbr(
        bandwidth: UInt64(words[1]) << 32 | UInt64(words[0]), minRTT: words[2],
        pacingGain: words[3], windowGain: words[4])
    default: return nil
    }
  }
}

/// `INET_DIAG_ULP_INFO`: nested attributes, of which the first is the protocol's name.
private enum UpperLayerAttribute {
  /// `INET_ULP_INFO_*`.
  private static let name: UInt16 = 1
  private static let tls: UInt16 = 2
  private static let mptcp: UInt16 = 3

  static func decode(
    _ attribute: NetlinkAttributes, in bytes: borrowing Span<UInt8>
  ) -> (name: [UInt8]?, details: UpperLayer?) {
    let nested = bytes.extracting(attribute.start..<attribute.start + attribute.count)
    var inner = NetlinkAttributes(from: 0)
    var found: (name: [UInt8]?, details: UpperLayer?)
    while inner.next(in: nested) {
      let content = nested.extracting(inner.start..<inner.start + inner.count)
      switch inner.type {
      case name: found.name = inner.text(in: nested)
      case tls: found.details = .tls(UpperLayer.TLSInfo(content))
      case mptcp: found.details = .mptcp(UpperLayer.MPTCPInfo(content))
      default: break
      }
    }
    return found
  }
}

extension UpperLayer.TLSInfo {
  fileprivate init(_ bytes: borrowing Span<UInt8>) {
    self.init()
    var attributes = NetlinkAttributes(from: 0)
    while attributes.next(in: bytes) {
      switch attributes.type {
      case 1: version = attributes.number16(in: bytes)
      case 2: cipher = attributes.number16(in: bytes)
      case 3: sending = attributes.number16(in: bytes)
      case 4: receiving = attributes.number16(in: bytes)
      case 5: sendsWithoutCopy = true
      case 6: expectsNoPadding = true
      default: break
      }
    }
  }
}

extension UpperLayer.MPTCPInfo {
  fileprivate init(_ bytes: borrowing Span<UInt8>) {
    self.init()
    var attributes = NetlinkAttributes(from: 0)
    while attributes.next(in: bytes) {
      switch attributes.type {
      case 1: remoteToken = attributes.number32(in: bytes)
      case 2: localToken = attributes.number32(in: bytes)
      case 4: mapSequence = attributes.number64(in: bytes)
      case 5: mapSubflowSequence = attributes.number32(in: bytes)
      case 6: subflowOffset = attributes.number32(in: bytes)
      case 7: mapLength = attributes.number16(in: bytes)
      case 8: flags = attributes.number32(in: bytes)
      case 9: remoteID = attributes.number8(in: bytes)
      case 10: localID = attributes.number8(in: bytes)
      default: break
      }
    }
  }
}

/// `INET_DIAG_MD5SIG` (since Linux 4.14): an array of `struct tcp_diag_md5sig`, 100 bytes each:
/// family u8, prefix u8, key's length u16, address of 16 bytes in network order, the key.
enum MD5PeersAttribute {
  private static let size = 100
  /// `TCP_MD5SIG_MAXKEYLEN`, at the end of each.
  private static let longestKey = 80

  static func decode(
    _ attribute: NetlinkAttributes, in bytes: borrowing Span<UInt8>
  ) -> [MD5Peers] {
    var found: [MD5Peers] = []
    for index in 0..<attribute.count / size {
      let start = attribute.start + index * size
      let address: IPAddress? =
        switch AddressFamily(rawValue: bytes[start]) {
        case .inet: IPAddress(v4: bytes.number32(at: start + 4).byteSwapped)
        case .inet6:
          IPAddress(
            v6High: bytes.networkNumber64(at: start + 4),
            low: bytes.networkNumber64(at: start + 12))
        default: nil
        }
      if let address { found.append(MD5Peers(address: address, prefix: bytes[start + 1])) }
    }
    return found
  }

  /// A datagram of sock_diag with zeros for the keys; nil without any. They are secrets: with one,
  /// any host can speak in the name of a router.
  static func withoutKeys(_ datagram: borrowing Span<UInt8>) -> [UInt8]? {
    var found: [Range<Int>] = []
    var offset = 0
    while let header = NetlinkMessage.header(in: datagram, at: offset) {
      let row = datagram.extracting(offset..<offset + header.length)
      var attributes = NetlinkAttributes(from: NetlinkMessage.headerSize + InetDiagMessage.size)
      // Rows of other families have other attributes, at other places.
      while isInternet(row), attributes.next(in: row) {
        guard attributes.type == InetDiagAttributes.md5Peers else { continue }
        for entry in 0..<attributes.count / size {
          let end = offset + attributes.start + (entry + 1) * size
          found.append(end - longestKey..<end)
        }
      }
      offset += NetlinkMessage.aligned(header.length)
    }
    if found.isEmpty { return nil }
    var bytes = datagram.copied()
    for range in found { for place in range { bytes[place] = 0 } }
    return bytes
  }

  private static func isInternet(_ row: borrowing Span<UInt8>) -> Bool {
    guard row.count > NetlinkMessage.headerSize else { return false }
    let family = AddressFamily(rawValue: row[NetlinkMessage.headerSize])
    return family == .inet || family == .inet6
  }
}
