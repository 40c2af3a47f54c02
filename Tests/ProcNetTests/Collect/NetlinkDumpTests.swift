import Glibc
import TestSupport
import Testing

@testable import ProcNet

@Suite("Reading the answer to a dump") struct NetlinkDumpTests {
  private static let request = NetlinkRequest(
    subsystem: .socketDiagnosis, message: DiagRequest.packet())

  private struct Outcome: Equatable {
    /// The first byte of each payload.
    var payloads: [UInt8] = []
    var wasInterrupted = false
    var error: KernelError?
  }

  private func run(_ kernel: some Kernel) -> Outcome {
    var outcome = Outcome()
    var payloads: [UInt8] = []
    do throws(KernelError) {
      outcome.wasInterrupted = try NetlinkDump.run(
        Self.request, about: "test sockets", through: kernel
      ) { (payload) throws(KernelError) in payloads.append(payload.isEmpty ? 0 : payload[0]) }
    } catch {
      outcome.error = error
    }
    outcome.payloads = payloads
    return outcome
  }

  private func run(_ datagrams: [[UInt8]]) -> Outcome {
    run(FakeKernel().answering { (_) throws(KernelError) in datagrams })
  }

  private static func row(_ name: UInt8, flags: UInt16 = 2, sequence: UInt32 = 1) -> [UInt8] {
    FakeDatagram.message(type: 20, flags: flags, sequence: sequence, [name])
  }

  private static func failed(_ cause: KernelError.Cause) -> KernelError {
    KernelError("ask sock_diag for", "test sockets", cause)
  }

  @Test("messages may be spread over datagrams in any way")
  func splits() {
    let messages = [Self.row(1), Self.row(2), Self.row(3), FakeDatagram.done()]
    for cuts in 0..<8 {
      var datagrams: [[UInt8]] = [[]]
      for (index, message) in messages.enumerated() {
        if index > 0, cuts & 1 << (index - 1) != 0 { datagrams.append([]) }
        datagrams[datagrams.count - 1] += message
      }
      #expect(run(datagrams) == Outcome(payloads: [1, 2, 3]), "cut \(cuts)")
    }
  }

  @Test("what stands behind the end is not looked at")
  func behindTheEnd() {
    let datagram = FakeDatagram.done() + Self.row(9) + [1, 2, 3]
    #expect(run([Self.row(1), datagram, Self.row(8)]) == Outcome(payloads: [1]))
  }

  @Test("the last message of a datagram needs no padding")
  func lastWithoutPadding() {
    let row = Array(Self.row(1).prefix(17))
    #expect(run([row, FakeDatagram.done()]) == Outcome(payloads: [1]))
  }

  @Test("an acknowledgement ends an answer as well")
  func acknowledgement() {
    #expect(run([Self.row(1), FakeDatagram.error(0)]) == Outcome(payloads: [1]))
  }

  @Test(
    "an error has its number, at the beginning or after rows",
    arguments: [ENOENT, EPERM, EINVAL, ENOMEM])
  func errors(number: Int32) {
    let error = Self.failed(.system(number))
    #expect(run([FakeDatagram.error(number)]) == Outcome(error: error))
    #expect(run([Self.row(1) + FakeDatagram.error(number)]) == Outcome(payloads: [1], error: error))
    let done = FakeDatagram.message(type: 3, HexDump.words([UInt32(bitPattern: -number)]))
    #expect(run([Self.row(1), done]) == Outcome(payloads: [1], error: error))
  }

  @Test("an error is told in the kernel's own words where there are any")
  func words() {
    let request = FakeDatagram.message(type: 20, flags: 0x301, [])
    let words = HexDump.attribute(1, Array("no such protocol".utf8) + [0])
    let refusal = FakeDatagram.message(
      type: 2, flags: 0x200, HexDump.words([UInt32(bitPattern: -EINVAL)]) + request + words)
    let error = run([refusal]).error
    #expect(
      error?.message == "cannot ask sock_diag for test sockets: invalid argument: no such protocol")
    #expect(error?.number == EINVAL)
  }

  @Test(
    "what cannot be an answer fails and says why; the rows before it stay",
    arguments: [
      ("an empty datagram", []),
      ("a message does not fit its datagram", [1, 2, 3]),
      ("a message does not fit its datagram", Array(row(2).prefix(15))),
      ("a message does not fit its datagram", [0, 0, 0, 0] + row(2).dropFirst(4)),
      ("a message does not fit its datagram", [15, 0, 0, 0] + row(2).dropFirst(4)),
      ("a message does not fit its datagram", [21, 0, 0, 0] + row(2).dropFirst(4)),
      ("a message does not fit its datagram", [0xFF, 0xFF, 0xFF, 0xFF] + row(2).dropFirst(4)),
      ("the kernel lost messages", FakeDatagram.message(type: 4, [])),
    ] as [(String, [UInt8])])
  func malformed(reason: String, datagram: [UInt8]) {
    let expected = Outcome(payloads: [1], error: Self.failed(.malformed(reason)))
    #expect(run([Self.row(1), datagram, FakeDatagram.done()]) == expected)
    if !datagram.isEmpty {
      #expect(run([Self.row(1) + datagram, FakeDatagram.done()]) == expected)
    }
  }

  @Test("messages with another's sequence are skipped, whatever they say")
  func otherSequence() {
    let others =
      Self.row(7, flags: 0x12, sequence: 2) + FakeDatagram.done(sequence: 2)
      + FakeDatagram.error(EPERM, sequence: 0)
    #expect(run([others, Self.row(1), FakeDatagram.done()]) == Outcome(payloads: [1]))
  }

  @Test("messages of the protocol itself that we do not know are skipped", arguments: 5..<16)
  func control(type: Int) {
    let message = FakeDatagram.message(type: UInt16(type), [9])
    #expect(run([message + Self.row(1), FakeDatagram.done()]) == Outcome(payloads: [1]))
    #expect(
      run([FakeDatagram.message(type: 1, [9]) + FakeDatagram.done()]) == Outcome(payloads: []))
  }

  @Test("the mark of a changing table counts in any message, also in the last")
  func interrupted() {
    let done = FakeDatagram.message(type: 3, flags: 0x12, [0, 0, 0, 0])
    for datagrams in [
      [Self.row(1, flags: 0x12), FakeDatagram.done()], [Self.row(1) + done], [Self.row(1), done],
    ] {
      #expect(run(datagrams) == Outcome(payloads: [1], wasInterrupted: true))
    }
  }

  @Test("an answer that stops without an end is no answer, however it stops")
  func noEnd() {
    #expect(run([Self.row(1)]).error?.number == EAGAIN)
    #expect(run([]).error?.number == EAGAIN)
    let quiet = QuietKernel(datagrams: [Self.row(1)])
    #expect(
      run(quiet)
        == Outcome(payloads: [1], error: Self.failed(.malformed("the answer has no end"))))
  }

  @Test(
    "every prefix of a recorded answer fails, and only the whole is one",
    arguments: RecordedAnswer.ofOne)
  func prefixes(answer: RecordedAnswer) throws {
    let bytes = try answer.bytes
    // Up to the last message's status: without it, the kernel did not say that all is well.
    for count in 0..<bytes.count - 4 {
      #expect(run([Array(bytes.prefix(count))]).error != nil, "\(count) of \(bytes.count) bytes")
    }
    #expect(run([bytes]).error == nil)
  }
}

/// A kernel whose answer just stops: `ask` returns although nobody said that it is complete.
private struct QuietKernel: ForwardingKernel {
  let datagrams: [[UInt8]]
  let other = FakeKernel()

  init(datagrams: [[UInt8]]) { self.datagrams = datagrams }

  func ask(
    _ request: NetlinkRequest, _ datagram: (Span<UInt8>) throws(KernelError) -> AnswerProgress
  ) throws(KernelError) {
    for bytes in datagrams { _ = try datagram(bytes.span) }
  }
}
