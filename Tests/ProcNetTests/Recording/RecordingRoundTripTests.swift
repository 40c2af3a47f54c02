import Foundation
import ProcNet
import TestSupport
import Testing

@Suite struct RecordingRoundTripTests {
  @Test("what a kernel answers, its recording answers", arguments: SeededRandom.seeds(100))
  func roundTrip(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    let random = RandomKernel(seed: seed)
    try record(random.questions, of: random.kernel, to: folder.file("a"))
    let replay = try RecordedKernel(path: folder.file("a"))
    for question in random.questions {
      #expect(question.put(to: replay) == question.put(to: random.kernel), "SEED=\(seed)")
    }
  }

  @Test("a recording of a recording answers the same", arguments: SeededRandom.seeds(10))
  func again(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    let random = RandomKernel(seed: seed)
    try record(random.questions, of: random.kernel, to: folder.file("a"))
    let first = try RecordedKernel(path: folder.file("a"))
    try record(random.questions, of: first, to: folder.file("b"))
    #expect(try folder.read("a") == folder.read("b"), "SEED=\(seed)")
  }

  @Test("the header says where and when")
  func header() throws {
    let folder = try TemporaryFolder()
    try record([], of: FakeKernel(), to: folder.file("a"))
    let header = try RecordedKernel(path: folder.file("a")).header
    #expect(header.host == Array("web-1".utf8))
    #expect(header.kernelRelease == Array("6.18.0".utf8))
    #expect(header.time == 1_795_404_167_123)
    #expect(header.program == "1.0")
  }

  @Test("what was never asked is not recorded, and says so")
  func absent() throws {
    let folder = try TemporaryFolder()
    try record([.file("/a")], of: FakeKernel().file("/a", "1"), to: folder.file("a"))
    let replay = try RecordedKernel(path: folder.file("a"))
    let questions: [Question] = [
      .file("/b"), .folder("/a"), .link("/a"), .identity("/a"), .descriptors(1),
      .memory(process: 1, address: 2, count: 3),
      .dump(family: 2, protocolNumber: 6, namespace: nil),
    ]
    for question in questions {
      guard case .failure(let error) = question.put(to: replay) else {
        Issue.record("\(question) was answered")
        continue
      }
      #expect(error.cause == .notRecorded)
    }
    let error = #expect(throws: KernelError.self) { try replay.contents(of: "/b") }
    #expect(error?.message == "cannot read /b: the recording does not hold it")
  }

  @Test("an answer that nobody read to its end counts as not recorded")
  func givenUp() throws {
    let folder = try TemporaryFolder()
    let writer = try RecordingWriter(
      to: folder.file("a"),
      header: RecordingHeader(time: 0, host: [], kernelRelease: [], program: ""))
    let kernel = RecordingKernel(FakeKernel().file("/a", "too long"), into: writer)
    #expect(throws: KernelError.self) { try kernel.contents(of: "/a", limit: 3) }
    try writer.finish()
    let replay = try RecordedKernel(path: folder.file("a"))
    #expect(
      Question.file("/a").put(to: replay)
        == .failure(
          KernelError("read", "/a", .notRecorded)))
  }

  @Test("of two answers to one question the first counts")
  func first() throws {
    let folder = try TemporaryFolder()
    let flaky = FaultyKernel(
      FakeKernel().file("/a", "1"), [Fault(.read, "/a", .fails(EACCES), times: 1)])
    try record([.file("/a"), .file("/a")], of: flaky, to: folder.file("a"))
    let reply = Question.file("/a").put(to: try RecordedKernel(path: folder.file("a")))
    #expect(reply == .failure(KernelError("read", "/a", .system(EACCES))))
  }

  @Test("answers that several threads ask for at once stay apart")
  func threads() async throws {
    let folder = try TemporaryFolder()
    var fake = FakeKernel()
    fake.pieceSize = 10
    for index in 0..<40 {
      fake.files["/f\(index)"] = [UInt8](repeating: UInt8(index), count: 3000 + index)
    }
    let kernel = fake
    let writer = try RecordingWriter(
      to: folder.file("a"), header: .now(through: kernel, program: "1"))
    let recording = RecordingKernel(kernel, into: writer)
    await withTaskGroup(of: Void.self) { group in
      for index in 0..<40 {
        group.addTask { _ = Question.file("/f\(index)").put(to: recording) }
      }
    }
    try writer.finish()
    let replay = try RecordedKernel(path: folder.file("a"))
    for index in 0..<40 {
      let question = Question.file("/f\(index)")
      #expect(question.put(to: replay) == question.put(to: kernel))
    }
  }

  @Test("two replays of one recording are equal")
  func replays() throws {
    let folder = try TemporaryFolder()
    let random = RandomKernel(seed: 7)
    try record(random.questions, of: random.kernel, to: folder.file("a"))
    let replays = try (0..<2).map { _ in try RecordedKernel(path: folder.file("a")) }
    for question in random.questions {
      #expect(question.put(to: replays[0]) == question.put(to: replays[1]))
    }
  }
}
