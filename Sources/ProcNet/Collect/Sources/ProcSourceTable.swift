/// The tables that `ProcSource` reads, in the order in which they are listed. The raw value is the
/// name of the file.
enum ProcSourceTable: String, CaseIterable {
  case packet, unix, raw, raw6, udp, udp6, tcp, tcp6

  var netids: NetidSet {
    switch self {
    case .packet: .packet
    case .unix: .unix
    case .raw, .raw6: .raw
    case .udp, .udp6: .udp
    case .tcp, .tcp6: .tcp
    }
  }

  var family: AddressFamily {
    switch self {
    case .packet: .packet
    case .unix: .unix
    case .raw, .udp, .tcp: .inet
    case .raw6, .udp6, .tcp6: .inet6
    }
  }

  func isWanted(by query: SocketQuery) -> Bool {
    !query.netids.isDisjoint(with: netids) && query.families.contains(family)
  }

  func decode(_ line: Span<UInt8>, _ details: SocketQuery.Details) -> Socket? {
    switch self {
    case .packet: ProcNetPacket.decode(line: line)
    case .unix: ProcNetUnix.decode(line: line)
    case .raw, .raw6:
      ProcNetUDP.decode(
        line: line, netid: .raw, family: family, drops: details.contains(.memory))
    case .udp, .udp6:
      ProcNetUDP.decode(
        line: line, netid: .udp, family: family, drops: details.contains(.memory))
    case .tcp, .tcp6: ProcNetTCP.decode(line: line, family: family)
    }
  }

  func isHeader(_ line: Span<UInt8>) -> Bool {
    switch self {
    case .packet: ProcNetPacket.isHeader(line)
    case .unix: ProcNetUnix.isHeader(line)
    case .raw, .raw6, .udp, .udp6: ProcNetUDP.isHeader(line)
    case .tcp, .tcp6: ProcNetTCP.isHeader(line)
    }
  }
}
