import Glibc

/// Repeatable random changes to bytes. A failing test prints its seed; `SEED=… swift test` runs
/// that seed alone.
struct Mutation: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// As many fresh seeds as asked for, or the one from the environment.
  static func seeds(_ count: Int) -> [UInt64] {
    if let text = getenv("SEED"), let seed = UInt64(String(cString: text)) { return [seed] }
    return (0..<count).map { _ in UInt64.random(in: .min ... .max) }
  }

  /// A Weyl sequence with a multiplicative mix of its bits.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 32)) &* 0xD6E8_FEB8_6659_FD93
    mixed = (mixed ^ (mixed >> 32)) &* 0xD6E8_FEB8_6659_FD93
    return mixed ^ (mixed >> 32)
  }

  /// The text with some bytes replaced, removed, doubled or cut off.
  mutating func mutate(_ text: String) -> [UInt8] {
    var bytes = Array(text.utf8)
    for _ in 0..<Int.random(in: 1...8, using: &self) where !bytes.isEmpty {
      change(&bytes, at: Int.random(in: 0..<bytes.count, using: &self))
    }
    return bytes
  }

  private mutating func change(_ bytes: inout [UInt8], at index: Int) {
    switch Int.random(in: 0..<5, using: &self) {
    case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &self)
    case 1: bytes[index] = Array("0123456789abcdefF :\n-".utf8).randomElement(using: &self) ?? 0
    case 2: bytes.remove(at: index)
    case 3: bytes.insert(contentsOf: bytes[index...].prefix(40), at: index)
    default: bytes.removeLast(min(bytes.count - index, 5))
    }
  }
}
