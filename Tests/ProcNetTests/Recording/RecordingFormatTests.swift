import ProcNet
import TestSupport
import Testing

@testable import ProcNet

@Suite struct RecordingFormatTests {
  @Test("the checksum is that of IEEE 802.3")
  func checksum() {
    var checksum = RecordingChecksum()
    checksum.add(Array("123456789".utf8).span)
    #expect(checksum.value == 0xCBF4_3926)
  }

  @Test("the checksum does not depend on how the bytes are cut", arguments: SeededRandom.seeds(50))
  func checksumParts(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let bytes = random.bytes(upTo: 100)
    var checksum = RecordingChecksum()
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = Array(rest.prefix(Int.random(in: 1...20, using: &random)))
      checksum.add(part.span)
      rest = rest.dropFirst(part.count)
    }
    #expect(checksum.value == RecordingBytes.crc(bytes), "SEED=\(seed)")
  }

  @Test("a recording has the bytes that its description says")
  func layout() throws {
    let folder = try TemporaryFolder()
    let writer = try RecordingWriter(
      to: folder.file("a"),
      header: RecordingHeader(
        time: 0, host: Array("h".utf8), kernelRelease: Array("k".utf8), program: "p"))
    let kernel = RecordingKernel(FakeKernel().file("/a", "xyz"), into: writer)
    _ = try kernel.contents(of: "/a")
    _ = Question.link("/l").put(to: kernel)
    try writer.finish()

    var expected = RecordingBytes()
    expected.header()
    expected.frame(2, number(1) + [1] + text("/a"))
    expected.frame(3, number(1) + Array("xyz".utf8))
    expected.frame(4, number(1) + [0])
    expected.frame(2, number(2) + [3] + text("/l"))
    // ENOENT is 2.
    expected.frame(4, number(2) + [1, 2, 0, 0, 0] + text("read link") + text("/l"))
    expected.end()
    #expect(try folder.read("a") == expected.bytes)
  }

  @Test("frames, operations, outcomes and bytes of a newer program are skipped")
  func newer() throws {
    var frames = RecordingBytes()
    frames.frame(1, number(5) + text("h") + text("k") + text("p") + [1, 2, 3])
    frames.frame(99, [1, 2, 3])
    frames.frame(2, number(1) + [77, 1, 2, 3])
    frames.frame(2, number(2) + [1] + text("/a") + [9, 9])
    frames.frame(3, number(1) + [1])
    frames.frame(98, number(2))
    frames.frame(3, number(2) + Array("yes".utf8))
    frames.frame(4, number(1) + [0])
    frames.frame(4, number(2) + [0, 8, 8])
    frames.frame(2, number(3) + [1] + text("/b"))
    frames.frame(4, number(3) + [200, 1])
    frames.end()
    let folder = try TemporaryFolder()
    let kernel = try RecordedKernel(path: try folder.write(frames.bytes))
    #expect(kernel.header.time == 5)
    #expect(try kernel.contents(of: "/a") == Array("yes".utf8))
    let missing = #expect(throws: KernelError.self) { try kernel.contents(of: "/b") }
    #expect(missing?.cause == .notRecorded)
  }

  @Test("answers whose pieces are not of their kind are one error each")
  func wrongPieces() throws {
    var frames = RecordingBytes()
    frames.header()
    let operations: [UInt8] = [2, 4]
    for operation in operations {
      frames.frame(2, number(1) + [operation] + text("/a"))
      frames.frame(3, number(1) + [1, 2, 3])
      frames.frame(4, number(1) + [0])
    }
    frames.frame(2, number(1) + [5, 7, 0, 0, 0])
    frames.frame(3, number(1) + [3, 0, 0, 0, 0xFF, 0xFF, 1])
    frames.frame(4, number(1) + [0])
    frames.frame(2, number(1) + [6, 4, 1, 20, 0, 2, 6, 0, 0])
    frames.frame(3, number(1) + [0xFF, 0xFF, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 30))
    frames.frame(4, number(1) + [0])
    frames.end()
    let folder = try TemporaryFolder()
    let kernel = try RecordedKernel(path: try folder.write(frames.bytes))
    let questions: [Question] = [
      .folder("/a"), .identity("/a"), .descriptors(7),
      .dump(family: 2, protocolNumber: 6, namespace: nil),
    ]
    for question in questions {
      guard case .failure(let error) = question.put(to: kernel) else {
        Issue.record("\(question) was answered")
        continue
      }
      #expect(error.reason.contains("the record"), "\(error.reason)")
    }
  }

  private func text(_ text: String) -> [UInt8] { [UInt8(text.utf8.count), 0] + Array(text.utf8) }
}
