import ProcNet
import TestSupport
import Testing

/// Recordings of random frames whose checksums are right, as only malice makes them.
@Suite struct RecordingFuzzTests {
  @Test(
    "a recording of random frames answers or is refused, never more",
    arguments: SeededRandom.seeds(300))
  func randomFrames(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var frames = RecordingBytes()
    frames.header()
    for answer in 1...UInt64.random(in: 1...6, using: &random) {
      let operation = UInt8.random(in: 1...6, using: &random)
      frames.frame(2, number(answer) + [operation] + Self.keys[Int(operation) - 1])
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        frames.frame(3, number(answer) + Self.nearlyRight(operation, &random))
      }
      frames.frame(4, number(answer) + Self.outcome(&random))
    }
    if seed % 4 == 0 {
      frames.frame(UInt8.random(in: 0...9, using: &random), random.bytes(upTo: 30))
    }
    frames.end()
    let folder = try TemporaryFolder()
    let path = try folder.write(frames.bytes)
    do throws(KernelError) {
      let kernel = try RecordedKernel(path: path)
      let replies = Self.questions.map { $0.put(to: kernel) }
      #expect(replies == Self.questions.map { $0.put(to: kernel) }, "SEED=\(seed)")
    } catch {
      #expect(seed % 4 == 0 || error.reason.contains("outcome"), "SEED=\(seed): \(error.reason)")
    }
  }

  static let questions: [Question] = [
    .file("/a"), .folder("/a"), .link("/a"), .identity("/a"), .descriptors(7),
    .dump(family: 2, protocolNumber: 6, namespace: nil),
  ]

  /// The bytes of those questions, by operation.
  static let keys: [[UInt8]] =
    [[UInt8]](repeating: [2, 0, 47, 97], count: 4)
    + [[7, 0, 0, 0], [4, 1, 20, 0, 2, 6, 0, 0]]

  /// What belongs to the operation, with up to three bytes changed and the end sometimes missing.
  static func nearlyRight(_ operation: UInt8, _ random: inout SeededRandom) -> [UInt8] {
    var bytes: [UInt8]
    switch operation {
    case 2: bytes = number(9) + [1, 1, 0, 97] + number(8) + [0, 2, 0, 98, 99]
    case 4: bytes = number(4) + number(5) + number(6)
    case 5: bytes = [3, 0, 0, 0, 2, 0, 47, 97, 4, 0, 0, 0, 1, 0, 98]
    case 6: bytes = FakeDatagram.message(type: 20, [1, 2, 3, 4]) + FakeDatagram.done()
    default: bytes = random.bytes(upTo: 40)
    }
    for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
      let index = Int.random(in: bytes.indices, using: &random)
      bytes[index] = Bool.random(using: &random) ? 0xFF : UInt8(truncatingIfNeeded: random.next())
    }
    if Bool.random(using: &random) {
      bytes.removeLast(Int.random(in: 0...bytes.count, using: &random))
    }
    return bytes
  }

  static func outcome(_ random: inout SeededRandom) -> [UInt8] {
    let all: [[UInt8]] = [
      [0], [1, 13, 0, 0, 0, 1, 0, 97, 1, 0, 98], [2, 1, 0, 97, 1, 0, 98, 1, 0, 99],
      [3, 1, 0, 97, 1, 0, 98], [4], [77, 1], [1, 255, 255, 255, 127, 1, 0, 97, 1, 0, 98],
      [1, 2], [],
    ]
    return all[Int.random(in: all.indices, using: &random)]
  }
}
