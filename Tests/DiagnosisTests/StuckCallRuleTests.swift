import ProcNet
import TestSupport
import Testing

@testable import Diagnosis

/// Threads that should serve and are stuck in a call: to write their output, or for a file.
@Suite("Rules about stuck calls")
struct StuckCallRuleTests {
  private static let terminal = DescriptorTarget.terminal(Array("/dev/pts/3".utf8))

  /// Two threads serve a request each and are in a call.
  private func service(
    _ call: ThreadCall, _ target: DescriptorTarget = terminal, requests: [UInt64] = [6000, 5000],
    moved: Bool = false
  ) -> MadeService {
    var service = MadeService(requests: requests)
    service.front(
      [.asleep(10, .on(.accept, 3))] + (11...12).map { .asleep($0, call, since: 4900) },
      [
        2: target
      ])
    guard moved, var observed = service.made.file.processes[10] else { return service }
    for place in observed.threads.indices { observed.threads[place].isSteady = false }
    service.made.file.processes[10] = observed
    return service
  }

  @Test("output to a terminal that was stopped, while requests wait")
  func terminal() throws {
    let stuck = service(.on(.write, 2))
    let finding = try #require(stuck.findings(OutputBlocked()).first)
    #expect(finding.severity == .critical)
    #expect(finding.subject == .process(ProcessName(process: 10, command: Array("front".utf8))))
    #expect(finding.title.contains("2 threads") && finding.title.contains("/dev/pts/3"))
    #expect(finding.evidence.prefix(2).map(\.place.thread) == [11, 12])
    #expect(finding.evidence.prefix(2).allSatisfy { $0.place.descriptor == 2 })
    #expect(finding.remedy.first?.contains("Ctrl-Q") == true)
    #expect(stuck.roots() == ["output-blocked"])
  }

  /// A thread asks at the terminal, beside the one that accepts and others.
  private func asking(_ beside: [ThreadSnapshot], since: UInt64) -> MadeService {
    var service = MadeService(requests: [6000, 5000, 4500])
    service.front(
      [.asleep(10, .on(.accept, 3)), .asleep(11, .on(.read, 0), since: since)] + beside,
      [0: Self.terminal])
    return service
  }

  @Test("input at a terminal is asked for by a request if the thread fell asleep as one came")
  func question() throws {
    let lock = [(12, 4950), (13, 4450)].map { thread, since in
      ThreadSnapshot.asleep(thread, .futex(0x7000), since: since)
    }
    let asked = asking(lock, since: 5950)
    let finding = try #require(asked.findings(LockWait()).first)
    #expect(finding.title.contains("thread 11") && finding.title.contains("/dev/pts/3"))
    #expect(finding.remedy.first?.contains("Answer at the terminal /dev/pts/3") == true)
    let stall = try #require(asking([], since: 5950).stalls().first)
    guard case .input(let thread) = stall.path.end else {
      Issue.record("not the terminal")
      return
    }
    #expect(thread.thread == 11 && stall.isProven)
    // A console that got its last line at some other time, before or after.
    for since in [5400, 600_000, 100] as [UInt64] {
      #expect(asking([], since: since).stalls().first?.isProven == false, "\(since)")
    }
  }

  @Test("a child that asks at a terminal keeps the one request behind it")
  func childQuestion() {
    func isProven(_ call: ThreadCall) -> Bool? {
      var service = MadeService(requests: [6000])
      service.front([.asleep(10, .on(.accept, 3)), .asleep(11, .other(.wait4), since: 5900)])
      service.made.take(MadeProcess(60, "git", [0: Self.terminal], [.asleep(60, call)]))
      service.made.host([(10, 1), (60, 10)])
      return service.stalls().first?.isProven
    }
    #expect(isProven(.on(.read, 0)) == true)
    #expect(isProven(.other(.nanosleep)) == false)
  }

  @Test("output into a pipe: who should read it is named, and what that one does")
  func pipe() throws {
    var stuck = service(.on(.write, 2), .pipe(7))
    stuck.made.take(MadeProcess(60, "logger", [0: .pipe(7)], [.asleep(60, .other(.nanosleep))]))
    stuck.made.file.pipes = .made([(10, 2, true), (60, 0, false)])
    let finding = try #require(stuck.findings(OutputBlocked()).first)
    #expect(finding.title.contains("logger (pid 60)"))
    #expect(finding.chain.map(\.process.process) == [10, 60])
    #expect(stuck.findings(RequestUnanswered()).count == 1)
  }

  @Test("output that nobody waits for, that goes on, or that is a client's answer")
  func flowing() {
    #expect(service(.on(.write, 2), requests: [0, 0]).findings(OutputBlocked()).isEmpty)
    #expect(service(.on(.write, 2), moved: true).findings(OutputBlocked()).isEmpty)
    #expect(service(.on(.sendto, 11)).findings(OutputBlocked()).isEmpty)
    #expect(service(.on(.read, 2)).findings(OutputBlocked()).isEmpty)
    // A shell that pages its output serves nobody.
    var made = MadeObservation()
    made.take(MadeProcess(70, "less", [1: Self.terminal], [.asleep(70, .on(.write, 1))]))
    #expect(made.findings(OutputBlocked()).isEmpty)
  }

  private func opening(_ name: CallName = .openat) -> ThreadCall {
    var call = ThreadCall.other(name)
    call.path = Array("/mnt/share/report".utf8)
    return call
  }

  @Test("a mount that does not answer is named, with the path")
  func mount() throws {
    var stuck = service(opening())
    stuck.made.file.mounts[10] = ProcMountInfo(
      Array("36 35 0:40 / /mnt/share rw - nfs4 files:/export rw\n".utf8))
    let finding = try #require(stuck.findings(FilesystemStuck()).first)
    #expect(finding.severity == .critical)
    #expect(finding.subject == .process(ProcessName(process: 10, command: Array("front".utf8))))
    for word in ["/mnt/share/report", "nfs4", "files:/export", "2 threads"] {
      #expect(finding.title.contains(word), "\(word)")
    }
    #expect(finding.evidence.prefix(2).map(\.place.thread) == [11, 12])
    #expect(stuck.roots() == ["filesystem-stuck"])
  }

  @Test("a read from a file that does not return is one as well")
  func read() {
    let file = DescriptorTarget.file(Array("/mnt/share/report".utf8))
    #expect(
      service(.on(.read, 2), file).findings(FilesystemStuck()).first?.title
        .contains("/mnt/share/report") == true)
  }

  @Test("calls that return, that nobody waits for, or that another process is in")
  func working() {
    #expect(service(opening(), moved: true).findings(FilesystemStuck()).isEmpty)
    #expect(service(opening(), requests: [0, 0]).findings(FilesystemStuck()).isEmpty)
    #expect(service(.on(.recvfrom, 11)).findings(FilesystemStuck()).isEmpty)
    var made = MadeObservation()
    made.take(MadeProcess(70, "find", [:], [.asleep(70, opening())]))
    #expect(made.findings(FilesystemStuck()).isEmpty)
  }
}
