import Foundation
import TestSupport
import Testing

@testable import ProcNet

/// Recordings that are packed.
@Suite struct RecordingPackingTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Lines that resemble each other, as in /proc, and some noise.
  private static func text(_ random: inout SeededRandom) -> [UInt8] {
    var bytes: [UInt8] = []
    for number in 0..<Int.random(in: 0...300, using: &random) {
      bytes += Array("Name:\tnginx\nState:\tS (sleeping)\nPid:\t\(number * 7)\n".utf8)
      bytes += random.bytes(upTo: 9)
    }
    return bytes
  }

  @Test("a block comes out as it went in", arguments: SeededRandom.seeds(40))
  func roundTrip(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let run = [UInt8](repeating: 7, count: Int.random(in: 0...2000, using: &random))
    for bytes in [Self.text(&random), random.bytes(upTo: 3000), run, Self.text(&random) + run] {
      let packed = RecordingPacking.packed(bytes.span)
      #expect(RecordingPacking.unpacked(packed.span, count: bytes.count) == bytes, "SEED=\(seed)")
    }
  }

  @Test(
    "text that repeats itself becomes a tenth, noise hardly larger",
    arguments: SeededRandom.seeds(1))
  func size(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let line = Array("Threads:\t1\nSigQ:\t0/95864\nVmRSS:\t    2048 kB\n".utf8)
    let text = (0..<500).flatMap { line + Array("Pid:\t\($0)\n".utf8) }
    #expect(RecordingPacking.packed(text.span).count < text.count / 10)
    let noise = (0..<5000).map { _ in UInt8.random(in: 0...255, using: &random) }
    #expect(RecordingPacking.packed(noise.span).count < noise.count + noise.count / 20)
  }

  @Test("distances and lengths at the edges of their codes")
  func edges() {
    for gap in [1, 2, 3, 4, 5, 8, 9, 15, 16, 17, 255, 256, 257, 65_535, 65_537] {
      for length in [4, 9, 10, 25, 26, 281, 282, 600] {
        var random = SeededRandom(seed: UInt64(gap))
        let start = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
        let middle = (0..<gap).map { _ in UInt8.random(in: 0...255, using: &random) }
        let bytes = start + middle + start
        let packed = RecordingPacking.packed(bytes.span)
        #expect(RecordingPacking.unpacked(packed.span, count: bytes.count) == bytes)
      }
    }
  }

  @Test(
    "foreign bytes give a wrong block or none, and never trap", arguments: SeededRandom.seeds(200))
  func foreign(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var packed = RecordingPacking.packed(Self.text(&random).span)
    for _ in 0..<Int.random(in: 1...5, using: &random) {
      let place = Int.random(in: 0..<packed.count, using: &random)
      packed[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
    }
    for bytes in [packed, random.bytes(upTo: 200), []] {
      let count = Int.random(in: 1...20_000, using: &random)
      let block = RecordingPacking.unpacked(bytes.span, count: count)
      #expect(block == nil || block?.count == count)
    }
  }

  @Test("a packed recording holds what a plain one does, in less room")
  func recording() throws {
    let (plain, packed) = (try made("plain", false), try made("packed", true))
    #expect(try folder.read("packed").starts(with: Array("sockinspect recording 2.2\n".utf8)))
    #expect(try folder.read("packed").count * 5 < folder.read("plain").count)
    for question in Self.questions {
      #expect(question.put(to: packed) == question.put(to: plain))
    }
    #expect(packed.header == plain.header)
  }

  private static let questions: [Question] =
    [.folder("/proc"), .descriptors(7), .file("/none"), .file("/long")]
    + (0..<50).map { .file("/proc/\($0)/status") }

  private func made(_ name: String, _ isPacked: Bool) throws -> RecordedKernel {
    var host = HostRecorderTests.smallHost()
    for number in 0..<50 {
      host = host.file("/proc/\(number)/status", "Name:\tx\nPid:\t\(number)\nState:\tS\n")
    }
    // More than a block.
    host.files["/long"] = [UInt8](repeating: 3, count: 6 << 20)
    let header = RecordingHeader(time: 5, host: [104], kernelRelease: [107], program: "1")
    let writer = try RecordingWriter(
      to: folder.file(name), header: header, isPacked: isPacked)
    let kernel = RecordingKernel(host, into: writer)
    for question in Self.questions { _ = question.put(to: kernel) }
    try writer.finish()
    return try RecordedKernel(path: folder.file(name))
  }

  @Test("a packed recording that was cut off or damaged is refused, wherever that is")
  func damage() throws {
    let writer = try RecordingWriter(
      to: folder.file("a"), header: .now(through: FakeKernel(), program: "1"), isPacked: true)
    let kernel = RecordingKernel(HostRecorderTests.smallHost(), into: writer)
    for question in Self.questions { _ = question.put(to: kernel) }
    try writer.finish()
    let whole = try folder.read("a")
    for count in whole.indices {
      let path = try folder.write(Array(whole[..<count]), to: "cut")
      #expect(throws: KernelError.self) { try RecordedKernel(path: path) }
    }
    for place in whole.indices {
      var bytes = whole
      bytes[place] ^= 0x10
      // A recording of format 2.3 is one that a newer program made.
      if place == Array("sockinspect recording 2.".utf8).count { continue }
      let path = try folder.write(bytes, to: "flipped")
      #expect(throws: KernelError.self, "byte \(place)") { try RecordedKernel(path: path) }
    }
    let path = try folder.write(whole + [0], to: "longer")
    #expect(throws: KernelError.self) { try RecordedKernel(path: path) }
  }
}
