@testable import Diagnosis
import ProcNet

@testable import sockinspect

/// Diagnoses made by hand, for tests of how they are told.
enum MadeDiagnosis {
  static let head = ReportHead(
    command: "diagnose", time: 1_795_404_167_123, host: Array("web1".utf8),
    kernel: Array("6.18.0".utf8))

  static var listener: SocketName {
    SocketName(Socket.tcp(.listen, (0x7F00_0001, 9000), inode: 4711))
  }

  static func process(_ number: Int32, _ command: String) -> ProcessName {
    ProcessName(process: number, command: Array(command.utf8))
  }

  /// The example of the tone: a serial server, blocked by a silent client.
  static func blocked(command: String = "python3") -> Finding {
    var finding = Finding(
      .serverBlocked, .critical,
      """
      127.0.0.1:9000 answers no one: its only accepting thread has been waiting 62 s for one \
      silent client
      """, about: .listener(listener))
    finding.story = [
      "\(command) (pid 3040) is a serial server: one thread accepts and serves.",
      "That thread sleeps in recvfrom() on fd 4, the connection from 127.0.0.1:35628.",
    ]
    var connection = Socket.tcp(.established, (0x7F00_0001, 9000), (0x7F00_0001, 35628))
    connection.inode = 4712
    finding.evidence = [
      Evidence("system call", "recvfrom", source: "/proc/3040/syscall")
        .of(process: 3040, thread: 3041, descriptor: 4),
      Evidence("accept queue", 6, unit: "connections", source: "sock_diag idiag_rqueue"),
      Evidence("bytes", -1, source: "a | b").on(connection),
      Evidence("moved", .flag(false), source: "/proc/3040/status"),
    ]
    finding.check = ["ss -ltn 'sport = :9000'", "cat /proc/3040/syscall"]
    finding.chain = [
      ChainLink(
        process: process(12, "demo-front"), thread: 12, call: "recvfrom", descriptor: 4,
        since: 62_000,
        waitsFor: .init(
          .connection, "demo-app", socket: listener, process: process(3040, command))),
      ChainLink(
        process: process(3040, command), thread: 3041, call: "recvfrom", descriptor: 4,
        since: 61_500, waitsFor: .init(.remote, "a client at 192.0.2.1 that is silent")),
    ]
    return finding
  }

  static func full(because cause: Finding) -> Finding {
    var finding = Finding(
      .acceptQueueFull, .critical, "6 connections wait at 127.0.0.1:9000, more than its limit of 5",
      about: .listener(listener))
    finding.causes = [cause.reference]
    return finding
  }

  /// Another cause, of which no chain is known.
  static var other: Finding {
    Finding(
      .peerNotReading, .warning, "client (pid 77) is slow", about: .process(process(77, "client")))
  }

  static var notice: Finding {
    Finding(.backlogSmall, .notice, "the backlog of 127.0.0.1:9000 is 5", about: .host)
  }

  static func diagnosis(_ findings: [Finding], gaps: [Gap] = []) -> Diagnosis {
    var scope = Diagnosis.Scope()
    (scope.listeners, scope.sockets, scope.processes, scope.interval) = (12, 340, 7, 1000)
    scope.samples = 2
    return Diagnosis(findings: findings, gaps: gaps, scope: scope)
  }

  static func report(
    _ findings: [Finding], gaps: [Gap] = [], target: String? = nil
  ) -> DiagnosisReport {
    DiagnosisReport(diagnosis(findings, gaps: gaps), head: head, target: target)
  }

  static func text(
    _ report: DiagnosisReport, width: Int? = nil, all: Bool = false, evidence: Bool = false,
    colour: Bool = false
  ) -> String {
    let page = TextPage(width: width, palette: Palette(isColoured: colour))
    return written {
      DiagnosisText(page: page, showsAll: all, showsEvidence: evidence).append(report, to: &$0)
    }
  }
}

extension FindingKind {
  /// A kind by its id, for tests that put findings together.
  private static func kind(_ id: String) -> FindingKind { named(id) ?? all[0] }

  static let acceptQueueFull = kind("accept-queue-full")
  static let backlogSmall = kind("backlog-small")
  static let lockWait = kind("lock-wait")
  static let peerNotReading = kind("peer-not-reading")
  static let processStopped = kind("process-stopped")
  static let selfCall = kind("self-call")
  static let serverBlocked = kind("server-blocked")
  static let udpDrops = kind("udp-drops")
  static let unixBacklogFull = kind("unix-backlog-full")
  static let waitCycle = kind("wait-cycle")
  static let workersExhausted = kind("workers-exhausted")
}
