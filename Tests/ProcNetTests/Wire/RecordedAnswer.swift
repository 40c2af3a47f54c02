import TestSupport

@testable import ProcNet

/// What a booted kernel answered to one dump request.
struct RecordedAnswer: Sendable, CustomStringConvertible {
  let kernel: BootedKernel
  let table: DiagSource.Table

  var description: String { "\(kernel) \(table.name)" }

  /// Every table of every kernel that had the modules of sock_diag.
  static let all: [RecordedAnswer] = BootedKernel.withModules.flatMap(tables)

  /// The tables of one kernel, for what is the same on each.
  static let ofOne: [RecordedAnswer] = BootedKernel.withModules.suffix(1).flatMap(tables)

  /// As they were recorded: all states, all details.
  private static let query = SocketQuery(
    netids: .all, states: StateSet(rawValue: .max), details: .all)

  static func tables(_ kernel: BootedKernel) -> [RecordedAnswer] {
    DiagSource.Table.all(for: query).map { RecordedAnswer(kernel: kernel, table: $0) }
  }

  /// Netlink messages, one behind the other; the last one ends the dump.
  var bytes: [UInt8] {
    get throws {
      let request = NetlinkRequest(
        subsystem: .socketDiagnosis, message: table.request(Self.query))
      var bytes: [UInt8] = []
      try kernel.recording.ask(request) { (datagram) throws(KernelError) in
        bytes += datagram.copied()
        let starts = FakeDatagram.messages(in: bytes)
        return starts.last.map { [2, 3].contains(bytes[$0 + 4]) } == true ? .complete : .more
      }
      return bytes
    }
  }

  /// What the messages hold behind their headers, without the one that ends the dump.
  var payloads: [[UInt8]] {
    get throws {
      let bytes = try bytes
      return FakeDatagram.messages(in: bytes).filter { bytes[$0 + 4] == 20 }.map { start in
        let length = Int(bytes[start]) | Int(bytes[start + 1]) << 8
        return Array(bytes[start + 16..<start + length])
      }
    }
  }

  /// The shortest message that is a row.
  var shortest: Int { table.isInternet ? InetDiagMessage.size : 16 }

  /// One message of the kind that this table holds.
  func decode(_ payload: [UInt8], details: SocketQuery.Details = .all) -> Socket? {
    table.decode(payload.span, SocketQuery(netids: .all, details: details))
  }

  func sockets(details: SocketQuery.Details = .all) throws -> [Socket] {
    try payloads.compactMap { decode($0, details: details) }
  }
}
