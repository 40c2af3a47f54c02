import ProcNet
import Testing

@testable import Diagnosis

/// Rules about connections: grouped by who holds them, and silent on what moves.
@Suite("Rules about connections")
struct ConnectionRuleTests {
  private func closeWaits(_ count: UInt32, limit: UInt64, age: UInt64 = 1000) -> MadeCase {
    var made = MadeCase()
    made.listener(.tcp([0, 0, 0], limit: 128))
    made.hold(Array(1...count), by: 812, "app", files: (Int64(count) + 5, limit))
    for inode in 1...count {
      let socket = Socket.tcp(.closeWait, 9000, 50_000 + UInt16(inode), inode: inode)
      made.connection(socket, socket, .with([.lastAckRecv: age]))
    }
    return made
  }

  @Test("CLOSE-WAIT: many, a share of the limit, or a few old ones")
  func closeWait() {
    let many = closeWaits(120, limit: 256).findings(CloseWaitLeak())
    for word in ["app (pid 812)", "120 connections", "46 %"] {
      #expect(many.first?.title.contains(word) == true, "\(word)")
    }
    #expect(
      many.count == 1 && many.first?.severity == .warning && many.first?.confidence == .likely)
    #expect(many.first?.check.first == "ss -tanp state close-wait | grep pid=812,")
    #expect(
      closeWaits(130, limit: 256).findings(CloseWaitLeak()).map(\.severity) == [.critical])
    let old = closeWaits(3, limit: 1024, age: 90_000).findings(CloseWaitLeak())
    #expect(old.map(\.confidence) == [.certain])
    #expect(closeWaits(19, limit: 1024).titles(CloseWaitLeak()).isEmpty)
    #expect(closeWaits(2, limit: 1024, age: 90_000).titles(CloseWaitLeak()).isEmpty)
    #expect(closeWaits(4, limit: 16).titles(CloseWaitLeak()).isEmpty)
  }

  @Test("CLOSE-WAIT that come and go, and those that were never accepted, are no leak")
  func closing() {
    var made = MadeCase()
    for inode in 1...40 as ClosedRange<UInt32> {
      made.connection(
        Socket.tcp(.closeWait, 9000, 50_000 + UInt16(inode), inode: inode),
        Socket.tcp(.closeWait, 9000, 51_000 + UInt16(inode), inode: 100 + inode))
      let queued = Socket.tcp(.closeWait, 9000, 52_000 + UInt16(inode))
      made.connection(queued, queued)
    }
    #expect(made.titles(CloseWaitLeak()).isEmpty)
  }

  private func received(
    _ before: UInt32, _ now: UInt32, last: UInt64, all: UInt64
  ) -> [String] {
    var made = MadeCase()
    made.hold([1], by: 812, "app")
    made.connection(
      .tcp(.established, 9000, 50_000, inode: 1, received: before),
      .tcp(.established, 9000, 50_000, inode: 1, received: now),
      .with([.lastDataRecv: last, .bytesReceived: all]))
    return made.titles(ReceiveStuck())
  }

  @Test("unread: the same bytes at both samples")
  func unread() {
    let stuck = ["app (pid 812) does not read 8 bytes that arrived on 1 connection"]
    #expect(received(8, 8, last: 2500, all: 800) == stuck)
    // Never read from, however much comes.
    #expect(received(4, 8, last: 10, all: 8) == stuck)
    // Two requests of one length; a receiver that is busy; one that caught up.
    #expect(received(8, 8, last: 100, all: 800).isEmpty)
    #expect(received(4, 8, last: 100, all: 800).isEmpty)
    #expect(received(8, 4, last: 5000, all: 800).isEmpty)
  }

  @Test("unread bytes in an accept queue are the listener's")
  func queued() {
    var made = MadeCase()
    let socket = Socket.tcp(.established, 9000, 50_000, received: 8)
    made.connection(socket, socket)
    #expect(made.titles(ReceiveStuck()).isEmpty)
  }

  private func sending(_ now: UInt32, _ timer: SocketTimer?, reader: Bool = true) -> MadeCase {
    var made = MadeCase()
    made.hold([1], by: 812, "app")
    made.hold([2], by: 900, "curl")
    let address: UInt32? = reader ? nil : 0x0A00_0009
    made.connection(
      .tcp(.established, 9000, 50_000, inode: 1, sent: 4000, timer: timer, at: address),
      .tcp(.established, 9000, 50_000, inode: 1, sent: now, timer: timer, at: address),
      .with([.lastDataSent: 3000]))
    if reader {
      let unread = Socket.tcp(.established, 50_000, 9000, inode: 2, received: 9000)
      made.connection(unread, unread, .with([.lastDataRecv: 3000, .bytesReceived: 9000]))
    }
    return made
  }

  @Test("a local reader is named, and told of once")
  func notReading() {
    let made = sending(4000, .persist)
    let finding = made.findings(PeerNotReading()).first
    #expect(
      finding?.title
        == "curl (pid 900) does not read: 4000 bytes from app (pid 812) wait on 1 connection")
    #expect(finding?.severity == .warning)
    #expect(
      finding?.evidence.contains { $0.place.process == 900 && $0.place.descriptor == 3 } == true)
    #expect(made.titles(ReceiveStuck()).isEmpty)
    // Some was taken; lost rather than unread; a short pause of a reader elsewhere.
    #expect(sending(3000, .persist).titles(PeerNotReading()).isEmpty)
    #expect(sending(4000, .retransmission(3)).titles(PeerNotReading()).isEmpty)
    #expect(sending(4000, .persist, reader: false).titles(PeerNotReading()).isEmpty)
  }

  private func lost(_ before: UInt8, _ now: UInt8, heard: UInt64 = 14_000) -> MadeCase {
    var made = MadeCase()
    made.hold([1], by: 812, "app")
    func row(_ times: UInt8) -> Socket {
      .tcp(
        .established, 40_000, 5432, inode: 1, sent: 90, timer: .retransmission(times),
        at: 0x0A00_0009)
    }
    // 0.4 s at first, doubled four times: 6 s have passed in waits, and all but 0.7 s of the last.
    let figures: [TCPInfoField: UInt64] = [.lastAckRecv: heard, .rto: 6_400_000, .backoff: 4]
    made.connection(row(before), row(now), .with(figures))
    return made
  }

  @Test("unacknowledged: time-outs in a row, and not one lost segment")
  func retransmitting() {
    let found = lost(3, 4).findings(Retransmitting())
    #expect(found.map(\.severity) == [.warning])
    #expect(found.first?.title.contains("app (pid 812)") == true)
    #expect(found.first?.title.contains("10.0.0.9") == true)
    // For as long as the attempts took, though the peer was heard long before the first of them;
    // not for longer than since it was heard.
    #expect(found.first?.title.contains("12 s") == true)
    #expect(lost(3, 4, heard: 9000).titles(Retransmitting()).first?.contains("9 s") == true)
    #expect(lost(1, 2).titles(Retransmitting()).isEmpty)
    #expect(lost(2, 2).titles(Retransmitting()).isEmpty)
    #expect(lost(4, 3).titles(Retransmitting()).isEmpty)
  }

  @Test("unacknowledged by a listener's SYN queue is the listener's trouble")
  func halfAccepted() {
    var made = MadeCase()
    func row(_ times: UInt8) -> Socket {
      .tcp(.established, 50_000, 9000, inode: 1, sent: 9, timer: .retransmission(times))
    }
    made.connection(row(3), row(4))
    made.file.table.insert(.tcp(.synReceived, 9000, 50_000))
    #expect(made.titles(Retransmitting()).isEmpty)
  }

  private func calling(_ tries: UInt8, _ listener: ObservedListener?) -> [Finding] {
    var made = MadeCase()
    made.hold([1], by: 812, "curl")
    if let listener { made.listener(listener) }
    let row = Socket.tcp(.synSent, 50_000, 9000, inode: 1, timer: .retransmission(tries))
    made.connection(row, row)
    return made.findings(ConnectStuck())
  }

  @Test("connect: a full listener here, one with room, and nobody")
  func connecting() {
    #expect(
      calling(2, .tcp([3, 3, 3], limit: 2, still: 3)).map(\.title) == [
        "1 connection attempt to 127.0.0.1:9000 gets no answer: its accept queue is full "
          + "(3 connections wait, the limit is 2)"
      ])
    #expect(calling(2, .tcp([0, 0, 0], limit: 2)).map(\.confidence) == [.likely])
    let silent = calling(2, nil)
    #expect(
      silent.map(\.title) == [
        "curl (pid 812) gets no answer from 127.0.0.1:9000 to 1 connection attempt"
      ])
    #expect(calling(0, nil).isEmpty)
  }
}
