/// The kind of a socket: the first column of a listing.
///
/// The order is that of the tables in a listing, the same as ss's.
public enum Netid: UInt8, Sendable, CaseIterable {
  case packetRaw, packetDatagram
  case unixStream, unixDatagram, unixSeqpacket
  case raw, udp, tcp

  /// The short name that ss prints.
  public var name: String {
    switch self {
    case .packetRaw: "p_raw"
    case .packetDatagram: "p_dgr"
    case .unixStream: "u_str"
    case .unixDatagram: "u_dgr"
    case .unixSeqpacket: "u_seq"
    case .raw: "raw"
    case .udp: "udp"
    case .tcp: "tcp"
    }
  }

  public var isUnix: Bool {
    self == .unixStream || self == .unixDatagram || self == .unixSeqpacket
  }
  var isPacket: Bool { self == .packetRaw || self == .packetDatagram }
  public var isInternet: Bool { self == .tcp || self == .udp || self == .raw }
}

/// A set of kinds of sockets.
public struct NetidSet: OptionSet, Sendable, Hashable {
  public let rawValue: UInt16
  public init(rawValue: UInt16) { self.rawValue = rawValue }
  public init(_ netid: Netid) { self.init(rawValue: 1 << netid.rawValue) }

  public static let tcp = NetidSet(.tcp)
  public static let udp = NetidSet(.udp)
  public static let raw = NetidSet(.raw)
  public static let unixStream = NetidSet(.unixStream)
  public static let unixDatagram = NetidSet(.unixDatagram)
  public static let unixSeqpacket = NetidSet(.unixSeqpacket)
  public static let packetRaw = NetidSet(.packetRaw)
  public static let packetDatagram = NetidSet(.packetDatagram)

  public static let unix: NetidSet = [.unixStream, .unixDatagram, .unixSeqpacket]
  public static let packet: NetidSet = [.packetRaw, .packetDatagram]
  public static let internet: NetidSet = [.tcp, .udp, .raw]
  public static let all: NetidSet = [.internet, .unix, .packet]

  public func contains(_ netid: Netid) -> Bool { rawValue & (1 << netid.rawValue) != 0 }
}

/// A set of address families.
public struct FamilySet: OptionSet, Sendable, Hashable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let inet = FamilySet(rawValue: 1)
  public static let inet6 = FamilySet(rawValue: 2)
  public static let unix = FamilySet(rawValue: 4)
  public static let packet = FamilySet(rawValue: 8)
  public static let internet: FamilySet = [.inet, .inet6]
  public static let all: FamilySet = [.inet, .inet6, .unix, .packet]

  public init(_ family: AddressFamily) {
    switch family {
    case .inet: self = .inet
    case .inet6: self = .inet6
    case .unix: self = .unix
    case .packet: self = .packet
    }
  }

  public func contains(_ family: AddressFamily) -> Bool { contains(FamilySet(family)) }
}

/// The address family of a socket, with the kernel's number (`AF_*`).
public enum AddressFamily: UInt8, Sendable, CaseIterable {
  case unix = 1
  case inet = 2
  case inet6 = 10
  case packet = 17

  /// The word that ss and the filter language use.
  public var name: String {
    switch self {
    case .unix: "unix"
    case .inet: "inet"
    case .inet6: "inet6"
    case .packet: "link"
    }
  }
}
