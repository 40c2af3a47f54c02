@testable import Diagnosis
import ProcNet
import Testing

@testable import sockinspect

/// Causes headline, and what follows from them stands below.
@Suite("Causes and effects")
struct FindingGroupTests {
  private static func finding(
    _ kind: FindingKind, _ severity: Severity, _ number: Int32 = 1,
    because causes: [Finding] = []
  ) -> Finding {
    let process = MadeDiagnosis.process(number, "p")
    var finding = Finding(kind, severity, "\(kind.id) \(number)", about: .process(process))
    finding.causes = causes.map(\.reference)
    return finding
  }

  private static func shape(_ findings: [Finding]) -> [[String]] {
    FindingGroup.of(findings).map { [$0.cause.title] + $0.effects.map(\.title) }
  }

  @Test("an effect of an effect stands below the first cause")
  func chain() {
    let lock = Self.finding(.lockWait, .notice)
    let workers = Self.finding(.workersExhausted, .critical, because: [lock])
    let full = Self.finding(.acceptQueueFull, .critical, because: [workers])
    let groups = FindingGroup.of([full, lock, workers])
    #expect(
      Self.shape([full, lock, workers])
        == [["lock-wait 1", "accept-queue-full 1", "workers-exhausted 1"]])
    #expect(groups[0].severity == .critical, "a notice that makes others wait is no notice")
  }

  @Test("of two causes of one effect the first lists it, and both are as bad as it is")
  func sharedEffect() {
    let stopped = Self.finding(.processStopped, .critical)
    let lock = Self.finding(.lockWait, .notice)
    let small = Self.finding(.backlogSmall, .notice)
    let workers = Self.finding(.workersExhausted, .critical, because: [stopped, lock])
    let groups = FindingGroup.of([stopped, lock, small, workers])
    #expect(groups.map(\.cause.id) == ["process-stopped", "lock-wait", "backlog-small"])
    #expect(groups.map(\.effects.count) == [1, 0, 0])
    #expect(groups.map(\.severity) == [.critical, .critical, .notice])
  }

  @Test("the worst group comes first, and otherwise the order stays")
  func order() {
    let small = Self.finding(.backlogSmall, .notice)
    let drops = Self.finding(.udpDrops, .warning)
    let stopped = Self.finding(.processStopped, .critical)
    let again = Self.finding(.udpDrops, .warning, 2)
    #expect(
      Self.shape([small, drops, stopped, again])
        == [["process-stopped 1"], ["udp-drops 1"], ["udp-drops 2"], ["backlog-small 1"]])
  }

  @Test("a cause that was not found leaves the effect to stand for itself")
  func missing() {
    let cause = Self.finding(.processStopped, .critical, 7)
    let effect = Self.finding(.acceptQueueFull, .critical, because: [cause])
    #expect(Self.shape([effect]) == [["accept-queue-full 1"]])
  }

  @Test("those that cause each other, or themselves, end somewhere")
  func cycles() {
    var first = Self.finding(.selfCall, .critical)
    let second = Self.finding(.waitCycle, .critical, because: [first])
    first.causes = [second.reference]
    let third = Self.finding(.acceptQueueFull, .critical, because: [second])
    #expect(
      Self.shape([third, first, second])
        == [["self-call 1", "accept-queue-full 1", "wait-cycle 1"]])
    var own = Self.finding(.selfCall, .critical)
    own.causes = [own.reference]
    #expect(Self.shape([own, own]) == [["self-call 1", "self-call 1"]])
  }

  @Test("the verdict counts other causes, not effects and notices")
  func verdict() {
    let stopped = Self.finding(.processStopped, .critical)
    let full = Self.finding(.acceptQueueFull, .critical, because: [stopped])
    let drops = Self.finding(.udpDrops, .warning)
    let small = Self.finding(.backlogSmall, .notice)
    let report = MadeDiagnosis.report([stopped, full, drops, small])
    #expect(report.verdict == "process-stopped 1 (and 1 other cause of trouble).")
    #expect(report.notices == 1 && report.severity == .critical)
    #expect(MadeDiagnosis.report([stopped, full]).verdict == "process-stopped 1.")
    #expect(report.shown(all: false).count == 2 && report.shown(all: true).count == 3)
  }
}
