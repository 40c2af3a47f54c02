/// Arithmetic coding of yes-or-no decisions, each with a probability that adapts: what happened
/// often costs a small part of a bit. It is the coder of LZMA.
enum RangeCoder {
  /// Probabilities are out of 2048, and go a sixteenth of the way towards what happened.
  static let bits: UInt32 = 11
  static let even: UInt16 = 1024
  static let rate: UInt16 = 4
  /// Below this the range is too coarse and another byte goes out or comes in.
  static let least: UInt32 = 1 << 24
}

/// Writes decisions.
struct RangeEncoder: ~Copyable {
  private(set) var bytes: [UInt8] = []
  private var probabilities: [UInt16]
  private var low: UInt64 = 0
  private var range: UInt32 = .max
  /// A byte that a carry may still change, and the 0xFF bytes behind it that it would go through.
  private var held: UInt8 = 0
  private var carried = 1

  /// For so many kinds of decision, each with its number.
  init(decisions: Int) {
    probabilities = [UInt16](repeating: RangeCoder.even, count: decisions)
  }

  mutating func encode(_ bit: Bool, _ decision: Int) {
    let probability = probabilities[decision]
    let bound = (range >> RangeCoder.bits) &* UInt32(probability)
    if bit {
      low &+= UInt64(bound)
      range &-= bound
      probabilities[decision] = probability &- probability >> RangeCoder.rate
    } else {
      range = bound
      probabilities[decision] = probability &+ (2048 &- probability) >> RangeCoder.rate
    }
    normalize()
  }

  /// A number bit by bit, highest first; each bit is a decision of its own for each beginning.
  mutating func encode(_ value: Int, tree: Int, bits: Int) {
    var node = 1
    for bit in (0..<bits).reversed() {
      let isSet = value >> bit & 1 == 1
      encode(isSet, tree + node)
      node = node << 1 | (isSet ? 1 : 0)
    }
  }

  /// Bits that are as likely as not, the highest first.
  mutating func encode(even value: UInt32, bits: Int) {
    for bit in (0..<bits).reversed() {
      range >>= 1
      if value >> UInt32(bit) & 1 == 1 { low &+= UInt64(range) }
      normalize()
    }
  }

  /// Writes what is left; nothing may be encoded after it.
  mutating func finish() {
    for _ in 0..<5 { shift() }
  }

  private mutating func normalize() {
    while range < RangeCoder.least {
      range <<= 8
      shift()
    }
  }

  private mutating func shift() {
    if low < 0xFF00_0000 || low > UInt64(UInt32.max) {
      let carry = UInt8(truncatingIfNeeded: low >> 32)
      bytes.append(held &+ carry)
      for _ in 1..<carried { bytes.append(0xFF &+ carry) }
      carried = 0
      held = UInt8(truncatingIfNeeded: low >> 24)
    }
    carried += 1
    low = (low & 0x00FF_FFFF) << 8
  }
}

/// Reads decisions back. Whatever the bytes are, it answers something; past their end it reads
/// zeros and says so.
struct RangeDecoder: ~Escapable {
  private let bytes: Span<UInt8>
  private var probabilities: [UInt16]
  private var position = 1
  private var range: UInt32 = .max
  private var code: UInt32 = 0

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>, decisions: Int) {
    self.bytes = bytes
    probabilities = [UInt16](repeating: RangeCoder.even, count: decisions)
    for _ in 0..<4 { code = code << 8 | next() }
  }

  /// Whether more has been read than there was.
  var isOverrun: Bool { position > bytes.count }

  mutating func decode(_ decision: Int) -> Bool {
    let probability = probabilities[decision]
    let bound = (range >> RangeCoder.bits) &* UInt32(probability)
    let bit = code >= bound
    if bit {
      code &-= bound
      range &-= bound
      probabilities[decision] = probability &- probability >> RangeCoder.rate
    } else {
      range = bound
      probabilities[decision] = probability &+ (2048 &- probability) >> RangeCoder.rate
    }
    while range < RangeCoder.least {
      range <<= 8
      code = code << 8 | next()
    }
    return bit
  }

  mutating func decode(tree: Int, bits: Int) -> Int {
    var node = 1
    for _ in 0..<bits { node = node << 1 | (decode(tree + node) ? 1 : 0) }
    return node - 1 << bits
  }

  mutating func decodeEven(bits: Int) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<bits {
      range >>= 1
      let bit = code >= range
      if bit { code &-= range }
      value = value << 1 | (bit ? 1 : 0)
      while range < RangeCoder.least {
        range <<= 8
        code = code << 8 | next()
      }
    }
    return value
  }

  private mutating func next() -> UInt32 {
    position += 1
    return position <= bytes.count ? UInt32(bytes[position - 1]) : 0
  }
}
