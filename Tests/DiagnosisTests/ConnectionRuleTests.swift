import ProcNet
import Testing

@testable import Diagnosis

/// Rules about connections: grouped by who holds them, and silent on what moves.
@Suite("Rules about connections")
struct ConnectionRuleTests {
  private func closeWaits(_ count: UInt32, limit: UInt64, age: UInt64 = 1000) -> MadeObservation {
    var made = MadeObservation()
    made.listener(.tcp([0, 0, 0], limit: 128))
    made.hold(Array(1...count), by: 812, "app", files: (Int64(count) + 5, limit))
    for inode in 1...count {
      let socket = Socket.tcp(.closeWait, 9000, 50_000 + UInt16(inode), inode: inode)
      made.connection(socket, socket, .with([.lastAckRecv: age, .lastDataSent: 60_000]))
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
    var made = MadeObservation()
    for inode in 1...40 as ClosedRange<UInt32> {
      made.connection(
        Socket.tcp(.closeWait, 9000, 50_000 + UInt16(inode), inode: inode),
        Socket.tcp(.closeWait, 9000, 51_000 + UInt16(inode), inode: 100 + inode))
      let queued = Socket.tcp(.closeWait, 9000, 52_000 + UInt16(inode))
      made.connection(queued, queued)
    }
    #expect(made.titles(CloseWaitLeak()).isEmpty)
  }

  @Test("CLOSE-WAIT on which data is still sent: the peer has only said that it sends no more")
  func halfClosed() {
    func titles(sent: UInt64) -> [String] {
      var made = MadeObservation()
      made.listener(.tcp([0, 0, 0], limit: 128))
      made.hold(Array(1...30), by: 812, "app", files: (35, 1024))
      for inode in 1...30 as ClosedRange<UInt32> {
        let socket = Socket.tcp(.closeWait, 9000, 50_000 + UInt16(inode), inode: inode)
        made.connection(socket, socket, .with([.lastAckRecv: 100, .lastDataSent: sent]))
      }
      return made.titles(CloseWaitLeak())
    }
    // Since the first sample, and before it.
    #expect(titles(sent: 900).isEmpty)
    #expect(titles(sent: MadeObservation.span + 100).count == 1)
  }

  @Test("unread at several processes of a server that do the same: one story, and what they do")
  func unreadTogether() {
    func titles(_ calls: [ThreadCall]) -> [String] {
      var made = MadeObservation()
      made.listener(.tcp([0, 0, 0], limit: 128))
      for (number, call) in calls.enumerated() {
        let inode = UInt32(number) + 1
        made.hold([inode], by: 811 + Int32(number), "app", calls: [call])
        let socket = Socket.tcp(
          .established, 9000, 50_000 + UInt16(number), inode: inode, received: 8)
        made.connection(socket, socket, .with([.lastDataRecv: 3000, .bytesReceived: 80]))
      }
      return made.titles(ReceiveStuck())
    }
    let (sleep, lock) = (ThreadCall.other(.nanosleep), ThreadCall.futex(0x7000))
    #expect(
      titles([sleep]) == [
        "app (pid 811) does not read 8 bytes that arrived on 1 connection: it sleeps in "
          + "nanosleep(), waiting for time to pass"
      ])
    #expect(
      titles([sleep, sleep, sleep]) == [
        "3 processes app (pids 811, 812 and 813) do not read 24 bytes that arrived on "
          + "3 connections: the first sleeps in nanosleep(), waiting for time to pass"
      ])
    #expect(titles([sleep, lock]).count == 2)
  }

  @Test("unread at a stopped program: a notice for a client that a person stopped, else a warning")
  func suspended() {
    func severity(terminal: Bool, accepted: Bool) -> Severity? {
      var made = MadeObservation()
      made.listener(.tcp([0, 0, 0], limit: 128))
      var process = MadeProcess(
        811, "app", [4: .socket(1)], [.asleep(811, .on(.recvfrom, 4), state: "T")])
      process.now.hasTerminal = terminal
      made.take(process)
      let (local, peer) = accepted ? (9000, 50_000) : (50_000, 9999) as (UInt16, UInt16)
      let socket = Socket.tcp(.established, local, peer, inode: 1, received: 8)
      made.connection(socket, socket, .with([.lastDataRecv: 3000, .bytesReceived: 80]))
      return made.findings(ReceiveStuck()).first?.severity
    }
    #expect(severity(terminal: true, accepted: false) == .notice)
    #expect(severity(terminal: false, accepted: false) == .warning)
    #expect(severity(terminal: true, accepted: true) == .warning)
  }

  private func received(
    _ before: UInt32, _ now: UInt32, last: UInt64, all: UInt64
  ) -> [String] {
    var made = MadeObservation()
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
    var made = MadeObservation()
    let socket = Socket.tcp(.established, 9000, 50_000, received: 8)
    made.connection(socket, socket)
    #expect(made.titles(ReceiveStuck()).isEmpty)
  }

  private func sending(_ now: UInt32, _ timer: SocketTimer?, reader: Bool = true) -> MadeObservation
  {
    var made = MadeObservation()
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

  @Test("a reader whose output is in a pager, or that was stopped in a shell, waits for a person")
  func pager() throws {
    func severity(_ reader: ThreadSnapshot, terminal: Bool) throws -> Severity {
      var made = sending(4000, .persist)
      var process = MadeProcess(900, "curl", [3: .socket(2), 1: .pipe(7)], [reader])
      process.now.hasTerminal = terminal
      made.take(process)
      made.take(
        MadeProcess(
          901, "less", [0: .pipe(7), 4: .terminal(Array("/dev/tty".utf8))],
          [.asleep(901, .on(.read, 4))]))
      made.file.pipes = .made([(900, 1, true), (901, 0, false)])
      return try #require(made.findings(PeerNotReading()).first).severity
    }
    let (write, stopped) = (ThreadCall.on(.write, 1), ThreadCall.on(.recvfrom, 3))
    #expect(try severity(.asleep(900, write), terminal: true) == .notice)
    #expect(try severity(.asleep(900, stopped, state: "T"), terminal: true) == .notice)
    #expect(try severity(.asleep(900, stopped, state: "T"), terminal: false) == .warning)
    #expect(try severity(.asleep(900, .other(.nanosleep)), terminal: true) == .warning)
  }

  private func lost(_ before: UInt8, _ now: UInt8, heard: UInt64 = 14_000) -> MadeObservation {
    var made = MadeObservation()
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
    var made = MadeObservation()
    func row(_ times: UInt8) -> Socket {
      .tcp(.established, 50_000, 9000, inode: 1, sent: 9, timer: .retransmission(times))
    }
    made.connection(row(3), row(4))
    made.file.table.insert(.tcp(.synReceived, 9000, 50_000))
    #expect(made.titles(Retransmitting()).isEmpty)
  }

  private func calling(_ tries: UInt8, _ listener: ObservedListener?) -> [Finding] {
    var made = MadeObservation()
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
