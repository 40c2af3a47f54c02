import Foundation
import ProcNet
import TestSupport
import Testing

@Suite struct RecordingDamageTests {
  static let questions: [Question] = [
    .file("/a"), .folder("/proc"), .link("/l"), .identity("/i"), .descriptors(7), .file("/no"),
    .dump(family: 2, protocolNumber: 6, namespace: nil),
  ]

  static func smallKernel() -> FakeKernel {
    var kernel = FakeKernel().file("/a", "somaxconn 4096\n").folder("/proc", ["7/", "uptime"])
      .link("/l", "net:[4026531840]").process(7, [FakeDescriptor(3, "socket:[99]")])
      .answering { _ in [FakeDatagram.message(type: 20, [1, 2, 3, 4]), FakeDatagram.done()] }
    kernel.identities["/i"] = FileIdentity(device: 4, inode: 4_026_531_840, size: 0)
    kernel.pieceSize = 8
    return kernel
  }

  let folder: TemporaryFolder
  let whole: [UInt8]

  init() throws {
    folder = try TemporaryFolder()
    try record(Self.questions, of: Self.smallKernel(), to: folder.file("whole"))
    whole = try folder.read("whole")
  }

  /// The error of opening a file with these bytes; nil when it opened.
  func refusal(of bytes: [UInt8]) throws -> KernelError? {
    let path = try folder.write(bytes)
    do throws(KernelError) {
      _ = try RecordedKernel(path: path)
      return nil
    } catch {
      return error
    }
  }

  @Test("a recording cut off anywhere is refused, and says at which byte")
  func truncated() throws {
    for length in 1..<whole.count {
      let error = try refusal(of: Array(whole.prefix(length)))
      #expect(
        error?.reason.contains("at byte \(length) ") == true,
        "\(length): \(error?.reason ?? "opened")")
    }
  }

  @Test("a flipped bit anywhere is refused or changes no answer")
  func flipped() throws {
    let expected = Self.questions.map { $0.put(to: Self.smallKernel()) }
    var opened = 0
    for offset in whole.indices {
      for bit in 0..<8 {
        var bytes = whole
        bytes[offset] ^= 1 << UInt8(bit)
        let path = try folder.write(bytes)
        guard let replay = try? RecordedKernel(path: path) else { continue }
        opened += 1
        #expect(Self.questions.map { $0.put(to: replay) } == expected, "\(offset).\(bit)")
      }
    }
    // Only the digit of the minor version may change, to another digit.
    #expect(opened == 3)
  }

  @Test("a file that is no recording is refused in one sentence")
  func others() throws {
    let cases: [(String, String)] = [
      ("", "the file is empty, not a sockinspect recording"),
      ("#!/bin/sh\n", "this is not a sockinspect recording"),
      ("sockinspect recording x\n", "this is not a sockinspect recording"),
      ("sockinspect recording 1\n", "this is not a sockinspect recording"),
      ("sockinspect recording 1.\n", "this is not a sockinspect recording"),
      ("sockinspect recording 99999999999.0\n", "this is not a sockinspect recording"),
      (
        "sockinspect recording \(String(repeating: "1", count: 99))",
        "this is not a sockinspect recording"
      ),
      (
        "sockinspect recording 3.0\n",
        "the recording has format 3, this program reads formats 1 and 2"
      ),
    ]
    for (text, reason) in cases {
      #expect(try refusal(of: Array(text.utf8))?.reason == reason, "\(text)")
    }
  }

  @Test("a folder, a device, a pipe and a file that is not there are refused")
  func notFiles() throws {
    let pipe = folder.file("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    let cases = [
      (folder.path, "is a directory"), (folder.file("none"), "no such file or directory"),
      ("/dev/zero", "a recording has to be a plain file"),
      (pipe, "a recording has to be a plain file"),
    ]
    for (path, reason) in cases {
      let error = #expect(throws: KernelError.self) { try RecordedKernel(path: path) }
      #expect(error?.message == "cannot read \(path): \(reason)")
    }
  }

  @Test("something after the end is refused")
  func trailing() throws {
    let reason = try refusal(of: whole + [0])?.reason
    #expect(reason?.contains("damaged at byte \(whole.count): something follows its end") == true)
  }

  @Test("an end frame without the right number of frames is refused")
  func count() throws {
    var frames = RecordingBytes()
    frames.header()
    frames.frame(5, number(9))
    #expect(try refusal(of: frames.bytes)?.reason.contains("number of frames") == true)
  }

  @Test("frames that cannot be are refused, whatever their checksum")
  func impossible() throws {
    let question: [UInt8] = number(1) + [1, 1, 0, 97]
    let cases: [(String, [(UInt8, [UInt8])])] = [
      ("a second header", [(1, number(0) + [0, 0, 0, 0, 0, 0])]),
      ("a piece belongs to no answer", [(3, number(1))]),
      ("a piece belongs to no answer", [(2, question), (3, [1])]),
      ("an outcome belongs to no answer", [(4, number(1) + [0])]),
      ("an outcome belongs to no answer", [(2, question), (4, number(1))]),
      ("an outcome belongs to no answer", [(2, question), (4, number(1) + [1, 0])]),
      ("two answers have the number 1", [(2, question), (2, question)]),
      ("an answer has no outcome", [(2, question)]),
      ("a question is too short", [(2, number(1))]),
      ("a question is too short", [(2, number(1) + [1, 0xFF, 0xFF, 97])]),
      ("a question is too short", [(2, number(1) + [5, 1, 2])]),
      ("a question is too short", [(2, number(1) + [6, 4, 0, 20, 0, 2, 6])]),
    ]
    for (reason, contents) in cases {
      var frames = RecordingBytes()
      frames.header()
      for (kind, body) in contents { frames.frame(kind, body) }
      frames.end()
      let refusal = try refusal(of: frames.bytes)?.reason
      #expect(refusal?.hasSuffix(": \(reason)") == true, "\(reason): \(refusal ?? "opened")")
    }
  }

  @Test("a recording that does not begin with a header is refused")
  func headless() throws {
    var frames = RecordingBytes()
    frames.frame(5, number(0))
    #expect(try refusal(of: frames.bytes)?.reason.contains("begin with a header") == true)
    frames = RecordingBytes()
    frames.frame(1, number(0) + [200, 0, 97])
    #expect(try refusal(of: frames.bytes)?.reason.contains("begin with a header") == true)
  }

  @Test(
    "an absurd length is refused before memory is taken",
    arguments: [
      0, 1 << 20 + 1, 0x7FFF_FFFF, 0xFFFF_FFFF,
    ] as [UInt32])
  func absurdLength(length: UInt32) throws {
    var frames = RecordingBytes()
    frames.header()
    frames.bytes += withUnsafeBytes(of: length.littleEndian) { Array($0) }
    frames.bytes += [UInt8](repeating: 0, count: 100)
    let reason = try refusal(of: frames.bytes)?.reason
    #expect(reason?.hasSuffix("a frame claims \(length) bytes") == true, "\(reason ?? "")")
  }
}
