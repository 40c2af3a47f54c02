import TestSupport

extension SeededRandom {
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
