import Glibc
import ProcNet
import TestSupport
import Testing

@Suite struct RecordingNetlinkTests {
  let folder: TemporaryFolder
  let dump = Question.dump(family: 2, protocolNumber: 6, namespace: nil)

  init() throws { folder = try TemporaryFolder() }

  func replay(_ datagrams: [[UInt8]]) throws -> RecordedKernel {
    try record([dump], of: FakeKernel().answering { _ in datagrams }, to: folder.file("a"))
    return try RecordedKernel(path: folder.file("a"))
  }

  func ask(_ kernel: any Kernel, _ request: NetlinkRequest) throws(KernelError) -> [UInt8] {
    var received: [UInt8] = []
    try kernel.ask(request) { (datagram) throws(KernelError) in
      for index in datagram.indices { received.append(datagram[index]) }
      return datagram[4] == 3 ? .complete : .more
    }
    return received
  }

  @Test("every message gets the sequence number of the request that it answers now")
  func sequence() throws {
    let kernel = try replay([
      FakeDatagram.message(type: 20, [1, 2, 3]) + FakeDatagram.message(type: 20, [9]),
      FakeDatagram.done(),
    ])
    let expected =
      FakeDatagram.message(type: 20, sequence: 0xDEAD_BEEF, [1, 2, 3])
      + FakeDatagram.message(type: 20, sequence: 0xDEAD_BEEF, [9])
      + FakeDatagram.done(sequence: 0xDEAD_BEEF)
    #expect(try ask(kernel, dump.request(sequence: 0xDEAD_BEEF)) == expected)
  }

  @Test("states, extensions and byte code make no other question")
  func sameQuestion() throws {
    let kernel = try replay([FakeDatagram.done()])
    let request = NetlinkRequest(
      subsystem: .socketDiagnosis,
      message: FakeDatagram.message(type: 20, flags: 0x301, [2, 6, 0x7F, 0, 0, 4, 0, 0]))
    #expect(try ask(kernel, request) == FakeDatagram.done())
  }

  @Test("family, protocol, type, subsystem, namespace and dumping do")
  func otherQuestions() throws {
    let kernel = try replay([FakeDatagram.done()])
    func request(
      subsystem: NetlinkRequest.Subsystem = .socketDiagnosis, type: UInt16 = 20,
      flags: UInt16 = 0x301, _ body: [UInt8] = [2, 6], in path: String? = nil
    ) -> NetlinkRequest {
      NetlinkRequest(
        subsystem: subsystem, namespacePath: path,
        message: FakeDatagram.message(type: type, flags: flags, body))
    }
    #expect(try ask(kernel, request()) == FakeDatagram.done())
    let others = [
      request([10, 6]), request([2, 17]), request(subsystem: .route), request(type: 21),
      request(flags: 1), request(in: "/run/netns/a"), request(in: ""),
    ]
    for other in others {
      let error = #expect(throws: KernelError.self) { try ask(kernel, other) }
      #expect(error?.cause == .notRecorded)
    }
  }

  @Test("a request that is too short is one error")
  func shortRequest() throws {
    let kernel = try replay([FakeDatagram.done()])
    let request = NetlinkRequest(subsystem: .route, message: [1, 2, 3])
    #expect(throws: KernelError.self) { try ask(kernel, request) }
  }

  @Test("an answer that changed while it was given may be asked for again")
  func interrupted() throws {
    let good = [FakeDatagram.message(type: 20, [1]), FakeDatagram.done()]
    let flaky = FaultyKernel(
      FakeKernel().answering { _ in good }, [Fault(.ask, "", .interruptedDump, times: 1)])
    let writer = try RecordingWriter(
      to: folder.file("a"), header: .now(through: flaky, program: "1"))
    let recording = RecordingKernel(flaky, into: writer)
    #expect(throws: KernelError.self) {
      try recording.ask(dump.request()) { (_) throws(KernelError) in
        throw KernelError("list", "sockets", .interrupted)
      }
    }
    #expect(dump.put(to: recording) == .datagrams(good))
    try writer.finish()
    #expect(dump.put(to: try RecordedKernel(path: folder.file("a"))) == .datagrams(good))
  }

  @Test("an error message that its receiver turns into an error is replayed")
  func errorMessage() throws {
    let kernel = FakeKernel().answering { _ in [FakeDatagram.error(ENOENT)] }
    let writer = try RecordingWriter(
      to: folder.file("a"), header: .now(through: kernel, program: "1"))
    #expect(throws: KernelError.self) {
      try RecordingKernel(kernel, into: writer).ask(dump.request()) { (_) throws(KernelError) in
        throw KernelError("list", "sockets", .system(ENOENT))
      }
    }
    try writer.finish()
    let replay = try RecordedKernel(path: folder.file("a"))
    #expect(dump.put(to: replay) == .datagrams([FakeDatagram.error(ENOENT)]))
  }

  @Test("a reader that is never satisfied is told that the answer has no end")
  func endless() throws {
    let kernel = try replay([FakeDatagram.done()])
    let error = #expect(throws: KernelError.self) {
      try kernel.ask(dump.request()) { (_) throws(KernelError) in .more }
    }
    #expect(error?.reason.contains("has no end") == true)
  }
}
