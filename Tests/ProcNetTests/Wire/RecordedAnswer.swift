import Foundation
import ProcNet
import TestSupport

/// A file of `Tests/Fixtures`: what a kernel answered to one dump request.
enum RecordedAnswer: String, CaseIterable {
  case tcp, tcp6, udp, unix, packet, mptcp, refused

  var bytes: [UInt8] {
    get throws {
      let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
      return Array(try Data(contentsOf: tests.appendingPathComponent("Fixtures/\(rawValue).bin")))
    }
  }

  /// What the messages hold behind their headers, without the one that ends the dump.
  var payloads: [[UInt8]] {
    get throws {
      let bytes = try bytes
      return FakeDatagram.messages(in: bytes).filter { bytes[$0 + 4] != 3 }.map { start in
        let length = Int(bytes[start]) | Int(bytes[start + 1]) << 8
        return Array(bytes[start + 16..<start + length])
      }
    }
  }

  /// One message of the kind that this file holds.
  func decode(_ payload: [UInt8], details: SocketQuery.Details = .all) -> Socket? {
    switch self {
    case .tcp, .tcp6, .mptcp: InetDiagMessage.decode(payload.span, .tcp, details: details)
    case .udp: InetDiagMessage.decode(payload.span, .udp, details: details)
    case .unix: UnixDiagMessage.decode(payload.span, details: details)
    case .packet: PacketDiagMessage.decode(payload.span)
    case .refused: nil
    }
  }

  func sockets(details: SocketQuery.Details = .all) throws -> [Socket] {
    try payloads.compactMap { decode($0, details: details) }
  }
}
