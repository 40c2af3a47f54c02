import TestSupport
import Testing

@testable import ProcNet

@Suite("Sockets seen before") struct SeenSocketsTests {
  @Test("answers as a set would, for any numbers", arguments: SeededRandom.seeds(10))
  func likeSet(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var seen = SocketDeduplicator()
    var set: Set<UInt64> = []
    // Few bits make repetitions, many make strangers; multiples crowd one end of the numbers.
    let bits = Int.random(in: 4...64, using: &random)
    let step: UInt64 = Bool.random(using: &random) ? 1 : 1 << 20
    for _ in 0..<20_000 {
      let number = (random.next() >> UInt64(64 - bits)) &* step
      let isNew = number == 0 || set.insert(number).inserted
      let answer = seen.insert(number)
      #expect(answer == isNew, "SEED=\(seed) \(number)")
    }
    for number in set {
      let answer = seen.insert(number)
      #expect(!answer, "SEED=\(seed) \(number) is forgotten")
    }
  }

  @Test("0 stands for none and is always new")
  func zero() {
    var seen = SocketDeduplicator()
    for _ in 0..<3 {
      let isNew = seen.insert(0)
      #expect(isNew)
    }
  }
}
