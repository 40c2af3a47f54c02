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
enum CongestionInfoAttribute {
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
