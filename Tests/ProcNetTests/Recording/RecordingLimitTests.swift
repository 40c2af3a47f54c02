import TestSupport
import Testing

@testable import ProcNet

/// Recordings that were made to take for ever, or all memory.
@Suite struct RecordingLimitTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func open(_ bytes: [UInt8]) throws -> Result<RecordedKernel, KernelError> {
    let path = try folder.write(bytes)
    return Result { () throws(KernelError) in try RecordedKernel(path: path) }
  }

  private func text(_ text: String) -> [UInt8] { [UInt8(text.utf8.count), 0] + Array(text.utf8) }

  /// So many answers of two pieces each, all of them open at the same time.
  private func interleaved(_ count: UInt64) -> [UInt8] {
    var frames = RecordingBytes()
    frames.header()
    for answer in 0..<count { frames.frame(2, number(answer) + [1] + text("/\(answer)")) }
    for part in ["a", "b"] {
      for answer in (0..<count).reversed() {
        frames.frame(3, number(answer) + Array("\(part)\(answer)".utf8))
        // What a newer program may write between pieces.
        frames.frame(98, number(answer))
      }
    }
    for answer in 0..<count { frames.frame(4, number(answer) + [0]) }
    frames.end()
    return frames.bytes
  }

  @Test("answers that lie between each other are read piece by piece")
  func scattered() throws {
    let kernel = try open(interleaved(UInt64(RecordingIndex.mostOpen))).get()
    for answer in 0..<RecordingIndex.mostOpen {
      #expect(try kernel.contents(of: "/\(answer)") == Array("a\(answer)b\(answer)".utf8))
    }
  }

  @Test("more open answers than threads could ask for are refused")
  func open() throws {
    guard case .failure(let error) = try open(interleaved(UInt64(RecordingIndex.mostOpen) + 1))
    else {
      Issue.record("it opened")
      return
    }
    #expect(error.reason.contains("damaged") && error.reason.contains("more than 256 answers"))
  }

  @Test("a packed recording that claims to be enormous is refused before it is unpacked")
  func bomb() throws {
    var bytes = RecordingFormat.line(isPacked: true)
    let blocks = RecordingBlocks.mostContents / RecordingPacking.longestBlock
    for _ in 0...blocks {
      bytes.appendRecorded(UInt32(RecordingPacking.longestBlock))
      bytes.appendRecorded(UInt32(1))
      bytes.appendRecorded(UInt32(0))
      bytes.append(0)
    }
    guard case .failure(let error) = try open(bytes) else {
      Issue.record("it opened")
      return
    }
    #expect(error.reason.contains("claims to be 128 MiB and more"))
    // One block less is read, and found damaged.
    bytes.removeLast(13)
    guard case .failure(let other) = try open(bytes) else {
      Issue.record("it opened")
      return
    }
    #expect(other.reason.contains("checksum"))
  }

  @Test("as many moments as anybody records are read, more are refused")
  func moments() throws {
    var frames = RecordingBytes()
    frames.header()
    for moment in 1..<UInt64(RecordingIndex.mostSamples) { frames.frame(6, number(moment)) }
    var more = frames
    frames.end()
    #expect(try open(frames.bytes).get().samples == RecordingIndex.mostSamples)
    more.frame(6, number(1))
    more.end()
    guard case .failure(let error) = try open(more.bytes) else {
      Issue.record("it opened")
      return
    }
    #expect(error.reason.contains("more than 10000 moments"))
  }

  private func block(_ contents: [UInt8]) -> [UInt8] {
    let packed = RecordingPacking.packed(contents.span)
    var checksum = RecordingChecksum()
    checksum.add(packed.span)
    var bytes: [UInt8] = []
    bytes.appendRecorded(UInt32(contents.count))
    bytes.appendRecorded(UInt32(packed.count))
    bytes.appendRecorded(checksum.value)
    return bytes + packed
  }

  @Test("a packed recording of millions of frames that say nothing is refused")
  func frames() throws {
    var frame: [UInt8] = []
    frame.appendRecorded(UInt32(9))
    frame.append(98)
    frame.appendRecorded(UInt64(1))
    var header = RecordingBytes()
    header.header()
    // Without the line before it and the checksum behind it.
    let line = RecordingFormat.line(isPacked: false).count
    var contents = Array(header.bytes.dropFirst(line).dropLast(4))
    for _ in 0..<300_000 { contents += frame }
    var bytes = RecordingFormat.line(isPacked: true) + block(contents)
    let rest = block(Array(repeating: frame, count: 300_000).flatMap(\.self))
    for _ in 0..<4 { bytes += rest }
    guard case .failure(let error) = try open(bytes) else {
      Issue.record("it opened")
      return
    }
    #expect(error.reason.contains("frames, far too many for its size"))
  }

  /// Zeros, each of which is a step of its own that costs a fifth of a bit.
  private func cheap(_ count: Int) -> [UInt8] {
    var encoder = RangeEncoder(decisions: RecordingDecision.count)
    for _ in 0..<count {
      encoder.encode(false, RecordingDecision.isMatch)
      encoder.encode(0, tree: RecordingDecision.literals, bits: 8)
    }
    encoder.finish()
    return encoder.bytes
  }

  @Test("blocks of steps that cost next to nothing are refused in large recordings")
  func steps() throws {
    let count = 1 << 18
    let packed = cheap(count)
    #expect(packed.count < count / 20)
    #expect(RecordingPacking.unpacked(packed.span, count: count, mostSteps: count - 1) == nil)
    #expect(
      RecordingPacking.unpacked(packed.span, count: count, mostSteps: count)?.count == count)
    var checksum = RecordingChecksum()
    checksum.add(packed.span)
    var block: [UInt8] = []
    block.appendRecorded(UInt32(count))
    block.appendRecorded(UInt32(packed.count))
    block.appendRecorded(checksum.value)
    block += packed
    for (blocks, reason) in [(4, "a frame claims 0 bytes"), (256, "a block cannot be unpacked")] {
      let bytes =
        RecordingFormat.line(isPacked: true)
        + Array(repeating: block, count: blocks).flatMap(\.self)
      guard case .failure(let error) = try open(bytes) else {
        Issue.record("it opened")
        continue
      }
      #expect(error.reason.contains(reason), "\(blocks): \(error.reason)")
    }
  }
}
