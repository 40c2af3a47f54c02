/// How a block of a packed recording is packed: strings that occurred before are copied from there,
/// and all decisions go through a `RangeCoder`. A small relative of LZMA.
///
/// Most of a recording is text that repeats itself: `status` of one thread is nearly that of the
/// next, and a table is nearly what it was a second ago. It becomes some twenty times smaller.
///
/// A block is a sequence of
///
///     literal  0, byte                       the byte's bits, highest first; 16 sets of
///                                            probabilities, by the upper half of the byte before
///     match    1, 0, length, distance        copy from so far back
///     repeat   1, 1, which, length           copy from as far back as one of the last four times
///
/// A length is 2 to 9 (`0` and three bits), to 25 (`10`, four bits) or to 281 (`11`, eight bits).
/// A distance less one is a slot of 6 bits, that is its highest set bit and the bit below, and
/// the bits that are left: those above the lowest four are even, the others have probabilities.
enum RecordingPacking {
  /// Most bytes of a block before it is packed.
  static let longestBlock = 4 << 20
  static let shortest = 2
  static let longest = 281

  /// Packs at most `longestBlock` bytes.
  static func packed(_ bytes: Span<UInt8>) -> [UInt8] {
    var packer = RecordingPacker(bytes)
    return packer.pack()
  }

  /// What was packed; nil when the bytes are not those of a block of that length, or take more
  /// steps to unpack than they may.
  static func unpacked(
    _ bytes: Span<UInt8>, count: Int, mostSteps: Int = .max
  ) -> [UInt8]? {
    var isWhole = false
    let block = unsafe [UInt8](unsafeUninitializedCapacity: count) { memory, filled in
      var unpacker = RecordingUnpacker(bytes)
      isWhole = unsafe unpacker.unpack(into: memory, mostSteps: mostSteps)
      filled = isWhole ? count : 0
    }
    return isWhole ? block : nil
  }

  /// The number of a distance's slot, and how many bits are left.
  static func slot(of distance: UInt32) -> (slot: Int, bits: Int) {
    let value = distance &- 1
    guard value >= 4 else { return (Int(value), 0) }
    let high = 31 - value.leadingZeroBitCount
    return (2 * high + Int(value >> UInt32(high - 1) & 1), high - 1)
  }

  /// How many bits are left behind a slot; no distance in a block needs more than 22 in all.
  static func bits(behind slot: Int) -> Int { slot < 4 ? 0 : slot / 2 - 1 }
}

/// The numbers of all decisions in a block.
enum RecordingDecision {
  /// Whether a match comes, by whether the last two steps were matches.
  static let isMatch = 0
  static let isRepeat = 4
  /// A tree of two bits.
  static let which = 8
  /// Four trees of six bits, for the lengths 2, 3, 4 and more.
  static let slot = 16
  static let lowBits = slot + 4 * 64
  /// Lengths of matches, then those of repeats.
  static let lengths = lowBits + 16
  /// Of a length: two choices, trees of three, four and eight bits.
  static let (short, middle, long, lengthCount) = (8, 16, 32, 288)
  /// 16 trees of eight bits.
  static let literals = lengths + 2 * lengthCount
  static let count = literals + 16 * 256

  static func slot(_ length: Int) -> Int { slot + min(length - RecordingPacking.shortest, 3) * 64 }
  static func literal(after last: UInt8) -> Int { literals + Int(last >> 4) * 256 }
  static func length(ofRepeat: Bool) -> Int { lengths + (ofRepeat ? lengthCount : 0) }
}

/// The last steps, on which probabilities depend, and the last distances.
struct RecordingHistory {
  /// Bit 0: the last step was a match, bit 1: the one before.
  private(set) var steps = 0
  /// The last different distances, the latest first.
  private(set) var distances: (Int, Int, Int, Int) = (1, 2, 3, 4)

  mutating func tookLiteral() { steps = steps << 1 & 3 }

  mutating func tookMatch(_ distance: Int) {
    steps = (steps << 1 | 1) & 3
    distances = (distance, distances.0, distances.1, distances.2)
  }

  /// A repeat of the distance at a place; it comes to the front.
  mutating func tookRepeat(_ which: Int) {
    steps = (steps << 1 | 1) & 3
    let old = distances
    switch which {
    case 0: break
    case 1: distances = (old.1, old.0, old.2, old.3)
    case 2: distances = (old.2, old.0, old.1, old.3)
    default: distances = (old.3, old.0, old.1, old.2)
    }
  }

  func distance(_ which: Int) -> Int {
    switch which {
    case 0: distances.0
    case 1: distances.1
    case 2: distances.2
    default: distances.3
    }
  }
}
