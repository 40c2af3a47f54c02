import Glibc
import ProcNet
import TestSupport
import Testing

@testable import Diagnosis

/// Whatever a diagnosis reads may be denied, gone or cut off: then it says less, never more.
@Suite("Faults below a diagnosis")
struct DiagnoserFaultTests {
  private static func diagnose(_ kernel: any Kernel, _ source: any SocketSource) throws(KernelError)
    -> Diagnosis
  {
    let moments = SamplePair(recorded: kernel, kernel, interval: 1000)
    return try Diagnoser.run(
      Diagnoser.Scope(places: [.here], source: source, moments: moments))
  }

  /// Of our listener these are true, whatever can be seen of the threads: nothing accepts, and the
  /// clients are of this process. Other tests of it wait for children and answers at the same time.
  private static let trueOfIt: Set<String> = [
    "accept-queue-full", "server-blocked", "workers-exhausted", "event-loop-blocked",
    "acceptor-waits-child", "self-call",
  ]

  /// Critical findings about this process or its listener that are not true.
  private static func wrong(_ diagnosis: Diagnosis, _ listener: StuckListener) -> [String] {
    diagnosis.findings.filter { finding in
      guard finding.severity == .critical, !trueOfIt.contains(finding.id) else { return false }
      switch finding.subject {
      case .listener(let name), .socket(let name): return name.local.port == listener.port
      case .process(let name): return name.process == getpid()
      case .host: return true
      }
    }.map { "\($0.id): \($0.title)" }
  }

  /// A file may be cut off or come in bytes as well; of folders and links it is all or nothing.
  private static func kinds(_ operation: Fault.Operation) -> [Fault.Kind] {
    let failures: [Fault.Kind] = [.fails(EACCES), .fails(ESRCH), .fails(EINTR)]
    switch operation {
    case .read: return failures + [.failsAfter(7, ENOENT), .shortPieces(3)]
    case .walk: return failures + [.failsAfter(1, EACCES)]
    default: return failures
    }
  }

  /// Numbers stand for each other: of a hundred descriptors or threads one is enough.
  private static func model(_ path: String) -> String {
    path.split(separator: "/").map { Int($0) == nil ? String($0) : "N" }.joined(separator: "/")
  }

  private static func distinct(_ asked: [QuestionLog.Question]) -> [QuestionLog.Question] {
    var seen: Set<QuestionLog.Question> = []
    return asked.filter {
      seen.insert(.init(operation: $0.operation, path: model($0.path))).inserted
    }
  }

  @Test("a fault at each thing that is read is no crash, and makes nothing worse")
  func faults() throws {
    let host = QuestionLog()
    let source = DiagSource(fallback: ProcSource())
    let listener = try #require(StuckListener())
    let sound = try Self.diagnose(host, source)
    #expect(sound.findings.contains { $0.id == "accept-queue-full" })
    let questions = Self.distinct(host.asked)
    #expect(questions.count > 20)
    try Self.expectNothingWrong(questions, source, listener)
  }

  @Test("so does one at each table under /proc, where these are the source")
  func faultsOfTables() throws {
    let host = QuestionLog()
    let listener = try #require(StuckListener())
    _ = try Self.diagnose(host, ProcSource())
    let tables = host.asked.filter { $0.path.contains("/net/") && !$0.path.contains("/sys/") }
    #expect(tables.count > 5)
    try Self.expectNothingWrong(Self.distinct(tables), ProcSource(), listener)
  }

  private static func expectNothingWrong(
    _ questions: [QuestionLog.Question], _ source: any SocketSource, _ listener: StuckListener
  ) throws {
    for question in questions {
      for kind in kinds(question.operation) {
        let fault = Fault(question.operation, question.path, kind)
        guard let weak = try? diagnose(FaultyKernel(QuestionLog(), [fault]), source) else {
          continue
        }
        let wrong = wrong(weak, listener)
        #expect(wrong.isEmpty, "\(question) \(kind): \(wrong)")
      }
    }
  }

  @Test(
    "netlink answers that are broken, interrupted or cut off make nothing worse",
    arguments: [
      .wrongLength(4), .interruptedDump, .failsAfter(1, EINTR), .failsAfter(0, ENOBUFS),
    ] as [Fault.Kind])
  func answers(_ kind: Fault.Kind) throws {
    let listener = try #require(StuckListener())
    for times in [nil, 2] as [Int?] {
      let kernel = FaultyKernel(QuestionLog(), [Fault(.ask, nil, kind, times: times)])
      guard let weak = try? Self.diagnose(kernel, DiagSource()) else { continue }
      #expect(Self.wrong(weak, listener).isEmpty, "\(kind) \(times ?? -1)")
    }
    withExtendedLifetime(listener) {}
  }

  @Test("without any file there is what the sockets say, and gaps")
  func nothingButSockets() throws {
    let listener = try #require(StuckListener())
    let kernel = FaultyKernel(
      QuestionLog(),
      [
        Fault(.read, nil, .fails(EACCES)), Fault(.list, nil, .fails(EACCES)),
        Fault(.walk, nil, .fails(EACCES)), Fault(.identity, nil, .fails(EACCES)),
      ])
    let weak = try Self.diagnose(kernel, DiagSource())
    #expect(weak.findings.contains { $0.id == "accept-queue-full" })
    #expect(!weak.gaps.isEmpty)
    withExtendedLifetime(listener) {}
  }
}
