import ProcNet
import Testing

@testable import Diagnosis

/// Data that is not acknowledged: since its segments are too large, since nobody is there, or since
/// the peer does not read.
@Suite("Large segments that get lost")
struct PathMTUTests {
  private func made(
    _ figures: [TCPInfoField: UInt64], sent: UInt32 = 9000,
    timer: SocketTimer = .retransmission(4)
  ) -> MadeObservation {
    var made = MadeObservation()
    made.hold([1], by: 812, "app")
    let row = Socket.tcp(
      .established, 9000, 50_000, inode: 1, sent: sent, timer: timer, at: 0x0A00_0009)
    let base: [TCPInfoField: UInt64] = [
      .sndMss: 1448, .retransmits: 4, .bytesAcked: 700, .lastAckRecv: 9000, .lastDataSent: 8000,
      .rto: 3_200_000, .backoff: 4,
    ]
    made.connection(row, row, .with(base.merging(figures) { _, new in new }))
    return made
  }

  /// Of the rules about data that stays unsent only one speaks of one connection.
  private func ids(_ made: MadeObservation) -> [String] {
    let rules: [any Rule] = [PathMTU(), Retransmitting(), PeerNotReading()]
    return rules.flatMap { $0.findings(in: made.file) }.map(\.id)
  }

  @Test("the peer acknowledges smaller segments that were sent later")
  func selective() {
    let made = made([.sacked: 1])
    let finding = made.findings(PathMTU()).first
    #expect(finding?.severity == .warning && finding?.confidence == .likely)
    #expect(finding?.subject == .process(ProcessName(process: 812, command: Array("app".utf8))))
    #expect(finding?.evidence.contains { $0.value == .number(1448) } == true)
    #expect(finding?.check.allSatisfy { !$0.contains("PEER") } == true)
    #expect(ids(made) == ["path-mtu"])
  }

  @Test("the peer is heard, and has acknowledged less than one segment of full size")
  func heard() {
    #expect(ids(made([.dataSegsIn: 3, .lastAckRecv: 2000])) == ["path-mtu"])
    // Nothing was ever heard of it; or segments of this size did arrive.
    #expect(ids(made([.dataSegsIn: 0])) == ["retransmitting"])
    #expect(ids(made([.dataSegsIn: 3, .bytesAcked: 1448])) == ["retransmitting"])
  }

  @Test("a peer that is gone, whatever the size of what is lost")
  func gone() {
    #expect(ids(made([:])) == ["retransmitting"])
    #expect(ids(made([.sacked: 1], sent: 1447)) == ["retransmitting"])
    #expect(ids(made([.sacked: 1], sent: 1448)) == ["path-mtu"])
    #expect(ids(made([.sacked: 1, .retransmits: 2], timer: .retransmission(2))).isEmpty)
  }

  @Test("a window of 0 is no loss: the persist timer runs")
  func window() {
    let figures: [TCPInfoField: UInt64] = [.sacked: 1, .retransmits: 0, .lastDataSent: 40_000]
    let found = ids(made(figures, timer: .persist))
    #expect(!found.contains("path-mtu") && !found.contains("retransmitting"))
  }

  @Test("a connection that went on between the samples, or that nobody holds, is none")
  func moving() {
    var moving = made([.sacked: 1])
    let row = Socket.tcp(.established, 9000, 50_000, inode: 1, at: 0x0A00_0009)
    moving.file.first.notable[ConnectionKey(row)] = row
    #expect(ids(moving).isEmpty)
    var gone = made([.sacked: 1])
    gone.file.first.notable = [:]
    #expect(ids(gone).isEmpty)
    var unread = made([:])
    unread.file.metrics = [:]
    #expect(!ids(unread).contains("path-mtu"))
  }
}
