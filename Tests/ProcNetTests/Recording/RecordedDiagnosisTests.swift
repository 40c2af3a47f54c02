import Glibc
import Synchronization
import TestSupport
import Testing

@testable import ProcNet

/// A diagnosis that is done again from its recording.
@Suite struct RecordedDiagnosisTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Two samples of a host: what is read through the kernel that is passed on.
  private func made(
    user: UInt32 = 0, _ first: (RecordingKernel) -> Void, then second: (RecordingKernel) -> Void
  ) throws -> RecordedKernel {
    var header = RecordingHeader(time: 1000, host: [], kernelRelease: [], program: "1")
    header.user = user
    header.diagnosis = RecordedDiagnosis(interval: 7, words: [Array(":80".utf8), []])
    let writer = try RecordingWriter(to: folder.file("a"), header: header, isPacked: true)
    let kernel = RecordingKernel(host, into: writer, isDiagnosis: true)
    first(kernel)
    kernel.pause(milliseconds: 0)
    second(kernel)
    try writer.finish()
    let recorded = try RecordedKernel(path: folder.file("a"))
    #expect(recorded.header == header)
    return try #require(recorded.repeatingDiagnosis())
  }

  private let host = ChangingKernel()

  @Test("each question is answered as it was when it was asked, in each sample")
  func order() throws {
    let file = Question.file("/proc/a")
    var live: [Question.Reply] = []
    let kernel = try made {
      live += [file.put(to: $0), file.put(to: $0), file.put(to: $0)]
    } then: {
      live += [file.put(to: $0)]
    }
    var again = (0..<3).map { _ in file.put(to: kernel) }
    // More often than it was asked.
    #expect(file.put(to: kernel) == live[2])
    kernel.pause(milliseconds: 1_000_000)
    again.append(file.put(to: kernel))
    #expect(again == live)
    #expect(Set(live.map { "\($0)" }).count == 4)
    // There is no third sample.
    kernel.pause(milliseconds: 1)
    #expect(file.put(to: kernel) == live[3])
  }

  @Test("the clock shows what it showed, and root is who was")
  func clock() throws {
    var live: [UInt64] = []
    let kernel = try made(user: 65_534) {
      live += [$0.steadyTime, $0.steadyTime]
    } then: {
      live.append($0.steadyTime)
    }
    var again = [kernel.steadyTime, kernel.steadyTime]
    kernel.pause(milliseconds: 5)
    again.append(kernel.steadyTime)
    #expect(again == live && !kernel.isRoot)
    #expect(
      try made { _ in
      } then: { _ in
      }.isRoot)
  }

  @Test("what was given up is given up again, and nothing is made of the rest")
  func givenUp() throws {
    var live: [UInt8] = []
    let kernel = try made {
      live = (try? $0.beginning(of: "/proc/long", limit: 3)) ?? []
    } then: { _ in
    }
    #expect(try kernel.beginning(of: "/proc/long", limit: 3) == live && live.count == 3)
    let error = #expect(throws: KernelError.self) { try kernel.contents(of: "/proc/long") }
    #expect(error?.isNotRecorded == true)
  }

  @Test("who asks in another sample learns who a process is, not what it does")
  func otherSample() throws {
    let kernel = try made { _ in
    } then: {
      for name in ["comm", "stat"] { _ = Question.file("/proc/7/\(name)").put(to: $0) }
      _ = Question.descriptors(7).put(to: $0)
    }
    #expect(try kernel.contents(of: "/proc/7/comm") == Array("x\n".utf8))
    #expect(Question.descriptors(7).put(to: kernel) == .descriptors([FakeDescriptor(3, "a")]))
    let error = #expect(throws: KernelError.self) { try kernel.contents(of: "/proc/7/stat") }
    #expect(error?.isNotRecorded == true)
  }

  private func dump(
    _ states: StateSet, _ details: SocketQuery.Details = [], program: [UInt8]? = nil
  ) -> NetlinkRequest {
    let message = DiagRequest.internet(
      .tcp, .inet, states: states, details: details, program: program)
    return NetlinkRequest(subsystem: .socketDiagnosis, message: message)
  }

  /// The request that was answered, as `ChangingKernel` repeats it.
  private func answered(_ request: NetlinkRequest, _ kernel: any Kernel) -> [UInt8]? {
    var found: [UInt8] = []
    do throws(KernelError) {
      try kernel.ask(request) { (datagram) throws(KernelError) in
        found = datagram.copied()
        return .complete
      }
      return Array(found.dropFirst(16))
    } catch { return nil }
  }

  @Test("a request has its own answer, and one with other wishes the best that has all rows")
  func requests() throws {
    let requests = [
      dump(.connected), dump(StateSet(.established), .tcp), dump(.connected, .memory),
      dump(.connected, .all, program: [1, 2, 3, 4]),
    ]
    let kernel = try made { kernel in
      for request in requests { _ = answered(request, kernel) }
    } then: { _ in
    }
    func answer(_ request: NetlinkRequest) -> Int? {
      let found = answered(request, kernel)
      return requests.firstIndex { found == Array($0.message.dropFirst(16)) }
    }
    #expect(requests.map(answer) == [0, 1, 2, 3])
    #expect(answer(dump(StateSet(.established), .memory)) == 2)
    #expect(answer(dump(StateSet(.established), [.tcp, .attributes])) == 1)
    #expect(answer(dump(StateSet(.closeWait))) == 0)
    #expect(answer(dump(StateSet(.closeWait), .all, program: [1, 2, 3, 4])) == 3)
    #expect(answer(dump(StateSet(.listen))) == nil)
  }
}

/// A host whose answers change: `/proc/a` says how often it was read and is denied the third time.
private final class ChangingKernel: ForwardingKernel {
  private let count = Mutex(0)
  let other = FakeKernel().file("/proc/long", "a long text").file("/proc/7/comm", "x\n")
    .file("/proc/7/stat", "7").process(7, [FakeDescriptor(3, "a")])

  var steadyTime: UInt64 { UInt64(next()) }
  func pause(milliseconds: UInt64) {}

  private func next() -> Int {
    count.withLock {
      $0 += 1
      return $0
    }
  }

  func read(
    _ path: String, _ piece: (Span<UInt8>) throws(KernelError) -> Void
  ) throws(KernelError) {
    guard path == "/proc/a" else { return try other.read(path, piece) }
    let number = next()
    if number == 3 { throw KernelError("read", path, .system(EACCES)) }
    try piece([UInt8(number)].span)
  }

  /// Repeats the request.
  func ask(
    _ request: NetlinkRequest, _ datagram: (Span<UInt8>) throws(KernelError) -> AnswerProgress
  ) throws(KernelError) {
    let message = FakeDatagram.message(type: 20, Array(request.message.dropFirst(16)))
    _ = try datagram(message.span)
  }

  func close(_ socket: borrowing Socket, in place: NetworkNamespace) throws(KernelError) {}
}
