import TestSupport
import Testing

@testable import ProcNet

/// Nothing that a file may contain makes a decoder trap.
@Suite("Hostile text")
struct HostileTextTests {
  static let small = [
    SmallProcFilesTests.snmp, SmallProcFilesTests.sockstat, SmallProcFilesTests.limits,
    SmallProcFilesTests.fdinfo, SmallProcFilesTests.syscall,
  ]

  /// Runs every decoder over the bytes and returns what must be bounded.
  private func decodeEverything(_ bytes: [UInt8]) -> (path: Int, counters: Int, watched: Int) {
    _ = ProcNetTCP.decode(line: bytes.span, family: .inet)
    _ = ProcNetTCP.decode(line: bytes.span, family: .inet6)
    _ = ProcNetUDP.decode(line: bytes.span, netid: .udp, family: .inet, drops: true)
    _ = ProcNetPacket.decode(line: bytes.span)
    _ = ProcLimits.decode(bytes.span)
    _ = ProcSyscall.decode(bytes.span)
    let counters = max(
      ProcNetSnmp.decode(bytes.span).counters.count,
      ProcNetSnmp6.decode(bytes.span).counters.count)
    return (
      ProcNetUnix.decode(line: bytes.span)?.path?.count ?? 0,
      max(counters, ProcSockstat.decode(bytes.span).counters.count),
      ProcFdinfo.decode(bytes.span).watched.count
    )
  }

  private func checkBounds(_ bytes: [UInt8], _ comment: Comment) {
    let found = decodeEverything(bytes)
    #expect(found.path <= 108, comment)
    #expect(found.counters <= bytes.count, comment)
    #expect(found.watched <= bytes.count, comment)
  }

  @Test("every prefix of every file and of every line decodes or is refused")
  func prefixes() {
    for text in Self.small + ProcNetTables.files.values {
      for part in [text] + text.split(separator: "\n").map(String.init) {
        let bytes = Array(part.utf8)
        for count in 0...bytes.count { checkBounds(Array(bytes.prefix(count)), "\(count)") }
      }
    }
  }

  @Test("changed bytes decode or are refused", arguments: SeededRandom.seeds(20))
  func mutations(seed: UInt64) {
    var mutation = SeededRandom(seed: seed)
    for text in Self.small + ProcNetTables.files.sorted(by: { $0.key < $1.key }).map(\.value) {
      for line in [text] + text.split(separator: "\n").map(String.init) {
        checkBounds(mutation.mutate(line), "SEED=\(seed)")
      }
    }
  }

  @Test("changed tables list the same whatever the pieces", arguments: SeededRandom.seeds(40))
  func tables(seed: UInt64) throws {
    var mutation = SeededRandom(seed: seed)
    var kernel = FilesInPieces()
    for (path, text) in ProcNetTables.files.sorted(by: { $0.key < $1.key }) {
      kernel.files[path] = mutation.mutate(text)
    }
    let whole = try Listed(kernel)
    kernel.pieceSize = Int.random(in: 1...200, using: &mutation)
    let inPieces = try Listed(kernel)
    #expect(inPieces.texts == whole.texts, "SEED=\(seed)")
    #expect(inPieces.gaps == whole.gaps, "SEED=\(seed)")
    #expect(whole.sockets.allSatisfy { ($0.path?.count ?? 0) <= 108 }, "SEED=\(seed)")
  }
}
