import ProcNet
import TestSupport
import Testing

@testable import Diagnosis

/// Rules about the host, about UDP and unix sockets, and about processes' limits.
@Suite("Rules about the host")
struct HostRuleTests {
  private func routes(_ live: Int, _ timeWait: Int, reuse: String) -> MadeObservation {
    let states =
      Array(repeating: SocketState.established, count: live)
      + Array(repeating: SocketState.timeWait, count: timeWait)
    let rows = states.enumerated().map { number, state in
      Socket.tcp(state, 40_000 + UInt16(number), 5432)
    }
    return MadeObservation(
      settings: ["ipv4/ip_local_port_range": "40000 40099", "ipv4/tcp_tw_reuse": reuse],
      routes: rows)
  }

  @Test("local ports towards one destination")
  func ports() {
    let out = routes(10, 90, reuse: "0").findings(EphemeralPorts())
    #expect(
      out.map(\.title) == ["100 of 100 local ports from 127.0.0.1 to 127.0.0.1:5432 are in use"])
    #expect(out.map(\.severity) == [.critical])
    #expect(routes(80, 0, reuse: "2").findings(EphemeralPorts()).map(\.severity) == [.warning])
    #expect(routes(79, 0, reuse: "2").titles(EphemeralPorts()).isEmpty)
    // The kernel uses these ports again.
    #expect(routes(10, 90, reuse: "2").titles(EphemeralPorts()).isEmpty)
    #expect(routes(10, 90, reuse: "1").titles(EphemeralPorts()).isEmpty)
  }

  @Test("TIME-WAIT, orphans and memory, near their limits and not")
  func limits() {
    func made(_ value: Int64, _ name: String) -> MadeObservation {
      MadeObservation(
        counters: ["TCP \(name)": (value, value)],
        settings: [
          "ipv4/tcp_max_tw_buckets": "10000", "ipv4/tcp_max_orphans": "1000",
          "ipv4/tcp_mem": "1000 2000 3000",
        ])
    }
    #expect(
      made(8000, "tw").titles(TimeWaitPressure()) == [
        "8000 connections are in TIME-WAIT, 80 % of the limit of 10000"
      ])
    #expect(made(7999, "tw").titles(TimeWaitPressure()).isEmpty)
    #expect(
      made(900, "orphan").titles(OrphanPressure()) == [
        "900 closed connections still send, 90 % of the limit of 1000"
      ])
    #expect(made(700, "orphan").titles(OrphanPressure()).isEmpty)
    #expect(
      made(2100, "mem").titles(TCPMemory()) == [
        "TCP buffers take 2100 pages, 70 % of the limit of 3000"
      ])
    #expect(made(2000, "mem").titles(TCPMemory()).isEmpty)
    #expect(MadeObservation().titles(TCPMemory()).isEmpty)
    #expect(MadeObservation().titles(OrphanPressure()).isEmpty)
  }

  @Test("memory that was short for one look is none, pressure that began meanwhile is")
  func memoryMoves() {
    let settings = ["ipv4/tcp_mem": "1000 2000 3000"]
    let burst = MadeObservation(counters: ["TCP mem": (100, 2100)], settings: settings)
    #expect(burst.titles(TCPMemory()).isEmpty)
    let began = MadeObservation(
      counters: ["TCP mem": (100, 100), "TcpExt TCPMemoryPressures": (1, 2)], settings: settings)
    #expect(began.titles(TCPMemory()).count == 1)
  }

  /// One process, as `/proc` shows it.
  private var host: HostProcesses {
    let kernel = FakeKernel().folder("/proc", ["812/"])
      .file("/proc/812/stat", "812 (nginx) S 1 1 1 0 -1 0 0 0 0 0 1 1 0 0 20 0 1 0 9 0 0\n")
    return (try? HostProcesses.scan(through: kernel)) ?? HostProcesses()
  }

  private func files(_ open: Int64, _ limit: UInt64, sockets: [UInt32] = [1]) -> [Finding] {
    var made = MadeObservation()
    made.hold(sockets, by: 812, "nginx", files: (open, limit))
    made.file.descriptors = DescriptorUse(host, made.file.processes, through: FakeKernel())
    return made.findings(DescriptorsExhausted())
  }

  @Test("open files: at the limit, near it, and those who never wanted any")
  func descriptors() {
    #expect(
      files(32, 32).map(\.title) == [
        "nginx (pid 812) has no file descriptor left (32 of 32 files open)"
      ])
    #expect(files(32, 32).map(\.severity) == [.critical])
    #expect(files(93, 100).map(\.severity) == [.warning])
    #expect(files(89, 100).isEmpty)
    #expect(files(10, 10).isEmpty)
    #expect(files(100, 100, sockets: []).isEmpty)
  }

  @Test("UDP: drops that rise, of sockets that share a port together")
  func datagrams() {
    var made = MadeObservation()
    made.hold([1, 2], by: 53, "named")
    made.listener(.udp(port: 53, inode: 1, drops: 90, new: 40))
    made.listener(.udp(port: 53, inode: 2, drops: 9, new: 2))
    made.listener(.udp(port: 123, inode: 3, drops: 5, new: 0))
    #expect(
      made.titles(UDPDrops()) == [
        "42 datagrams to udp 127.0.0.1:53 were dropped within 2 s: named (pid 53) does not keep up"
      ])
  }

  @Test("UDP: a buffer that is full in both samples, though nothing came meanwhile")
  func fullBuffer() {
    func titles(before: UInt32, now: UInt32) -> [String] {
      func socket(_ used: UInt32) -> ObservedListener {
        var made = ObservedListener.udp(port: 53, inode: 1, drops: 9, new: 0)
        made.listener.socket.details = SocketDetails(
          memory: SocketMemory(words: [used, 1000, 0, 0, 0, 0, 0, 0, 9]))
        return made
      }
      var made = MadeObservation()
      made.hold([1], by: 53, "named")
      made.file.first.listeners = [socket(before).listener]
      made.listener(socket(now))
      return made.titles(UDPDrops())
    }
    #expect(
      titles(before: 900, now: 950) == [
        "The receive buffer of udp 127.0.0.1:53 is full: named (pid 53) does not read it"
      ])
    #expect(titles(before: 100, now: 950).isEmpty && titles(before: 950, now: 100).isEmpty)
  }

  @Test("unix listener: full with the same clients in it")
  func unixBacklog() {
    var made = MadeObservation()
    made.hold([100], by: 7, "php-fpm")
    made.listener(.unix([3, 3, 3], limit: 2, path: "/run/php.sock", still: 3))
    let finding = made.findings(UnixBacklogFull()).first
    #expect(
      finding?.title == "The queue of /run/php.sock is full: 3 connections wait, the limit is 2")
    #expect(finding?.check.first == "ss -xlp src /run/php.sock")
    #expect(made.titles(AcceptQueueFull()).isEmpty)
    var room = MadeObservation()
    room.listener(.unix([2, 2, 2], limit: 2, path: "/run/php.sock", still: 2))
    #expect(room.titles(UnixBacklogFull()).isEmpty)
  }

  private func sender(_ call: CallName, sent: UInt32) -> MadeObservation {
    var made = MadeObservation()
    made.file.table.insert(.unix(.unixDatagram, .close, inode: 9, path: "/dev/log"))
    let row = Socket.unix(.unixDatagram, .established, inode: 1, peer: 9, sent: 768)
    let now = Socket.unix(.unixDatagram, .established, inode: 1, peer: 9, sent: sent)
    made.file.first.notableUnix[1] = row
    made.file.last.notableUnix[1] = now
    made.hold([9], by: 5, "syslogd")
    made.hold(
      [1], by: 812, "cron",
      calls: [
        ThreadCall(
          number: 44, name: call, arguments: [3],
          descriptors: [
            AwaitedDescriptor(number: 3, forReading: call != .sendto, forWriting: call == .sendto)
          ],
          timeout: .never)
      ])
    return made
  }

  @Test("unix datagrams: a sender that waits for room, and one that does something else")
  func unixDatagrams() {
    #expect(
      sender(.sendto, sent: 768).titles(UnixReceiveFull()) == [
        "syslogd (pid 5) does not read /dev/log: 1 sender is blocked"
      ])
    #expect(sender(.sendto, sent: 256).titles(UnixReceiveFull()).isEmpty)
    #expect(sender(.recvfrom, sent: 768).titles(UnixReceiveFull()).isEmpty)
  }
}
