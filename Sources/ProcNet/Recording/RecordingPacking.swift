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
private struct RecordingHistory {
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

/// Packs one block of a recording, as `RecordingPacking` describes.
private struct RecordingPacker: ~Copyable, ~Escapable {
  private let bytes: Span<UInt8>
  private var encoder = RangeEncoder(decisions: RecordingDecision.count)
  private var history = RecordingHistory()
  private var finder: RecordingMatchFinder

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>) {
    self.bytes = bytes
    finder = RecordingMatchFinder(count: bytes.count)
  }

  mutating func pack() -> [UInt8] {
    var place = 0
    var found = best(at: 0)
    while place < bytes.count {
      // A longer match one byte further on is worth a literal.
      let next = found.length < 64 ? best(at: place + 1) : RecordingMatch.none
      if found.gain > 0, found.gain >= next.gain {
        encode(found)
        place += found.length
        found = best(at: place)
      } else {
        encodeLiteral(at: place)
        place += 1
        found = next
      }
    }
    encoder.finish()
    return encoder.bytes
  }

  /// What is best copied at a place: as far back as before, or the longest that there is.
  private mutating func best(at place: Int) -> RecordingMatch {
    guard place < bytes.count else { return .none }
    let longest = finder.longest(at: place, in: bytes)
    var best = longest
    for which in 0..<4 {
      let distance = history.distance(which)
      guard distance <= place else { continue }
      let length = RecordingMatchFinder.length(bytes, place, distance)
      let match = RecordingMatch(length: length, distance: distance, repeats: which)
      if match.gain > best.gain { best = match }
    }
    return best
  }

  private mutating func encodeLiteral(at place: Int) {
    let last = place > 0 ? bytes[place - 1] : 0
    encoder.encode(false, RecordingDecision.isMatch + history.steps)
    encoder.encode(Int(bytes[place]), tree: RecordingDecision.literal(after: last), bits: 8)
    history.tookLiteral()
  }

  private mutating func encode(_ match: RecordingMatch) {
    encoder.encode(true, RecordingDecision.isMatch + history.steps)
    encoder.encode(match.repeats != nil, RecordingDecision.isRepeat + history.steps)
    if let which = match.repeats {
      encoder.encode(which, tree: RecordingDecision.which, bits: 2)
      history.tookRepeat(which)
      encodeLength(match.length, RecordingDecision.length(ofRepeat: true))
    } else {
      encodeLength(match.length, RecordingDecision.length(ofRepeat: false))
      encodeDistance(match.distance, match.length)
      history.tookMatch(match.distance)
    }
  }

  private mutating func encodeLength(_ length: Int, _ decisions: Int) {
    encoder.encode(length >= 10, decisions)
    guard length >= 10 else {
      return encoder.encode(length - 2, tree: decisions + RecordingDecision.short, bits: 3)
    }
    encoder.encode(length >= 26, decisions + 1)
    guard length >= 26 else {
      return encoder.encode(length - 10, tree: decisions + RecordingDecision.middle, bits: 4)
    }
    encoder.encode(length - 26, tree: decisions + RecordingDecision.long, bits: 8)
  }

  private mutating func encodeDistance(_ distance: Int, _ length: Int) {
    let (slot, bits) = RecordingPacking.slot(of: UInt32(distance))
    encoder.encode(slot, tree: RecordingDecision.slot(length), bits: 6)
    guard bits > 0 else { return }
    let lower = min(bits, 4)
    let rest = (distance - 1) & ((1 << bits) - 1)
    encoder.encode(even: UInt32(rest >> lower), bits: bits - lower)
    let low = rest & ((1 << lower) - 1)
    encoder.encode(low, tree: RecordingDecision.lowBits, bits: lower)
  }
}

/// Bytes that occurred before.
private struct RecordingMatch {
  var length: Int
  var distance: Int
  /// Which of the last distances it has again.
  var repeats: Int?

  static let none = RecordingMatch(length: 0, distance: 0)

  /// Roughly how many bits it saves, over the same bytes as literals of 6 bits each.
  var gain: Int {
    guard length >= RecordingPacking.shortest else { return 0 }
    let cost = repeats == nil ? 14 + 64 - distance.leadingZeroBitCount : 8
    return length * 6 - cost
  }
}

/// Finds the longest earlier occurrence of what comes next: by hashes of four bytes, each the head
/// of a chain of the places that have it.
private struct RecordingMatchFinder: ~Copyable {
  private var heads = [Int32](repeating: -1, count: 1 << 16)
  private var chain: [Int32]
  /// The first place that is not in the chains yet.
  private var next = 0

  /// How many places of a chain are tried, and a length that is good enough.
  private static let effort = 48
  private static let enough = 128

  init(count: Int) { chain = [Int32](repeating: -1, count: count) }

  /// Places have to be asked for in rising order.
  mutating func longest(at place: Int, in bytes: Span<UInt8>) -> RecordingMatch {
    guard place + 4 <= bytes.count else { return .none }
    while next <= place { insert(bytes) }
    var best = RecordingMatch.none
    var candidate = Int(chain[place])
    var tries = Self.effort
    while candidate >= 0, tries > 0 {
      let length = Self.length(bytes, place, place - candidate)
      if length >= 4 {
        let match = RecordingMatch(length: length, distance: place - candidate)
        if match.gain > best.gain { best = match }
        if length >= Self.enough { break }
      }
      candidate = Int(chain[candidate])
      tries -= 1
    }
    return best
  }

  private mutating func insert(_ bytes: Span<UInt8>) {
    defer { next += 1 }
    guard next + 4 <= bytes.count else { return }
    let hash = Int((bytes.number32(at: next) &* 0x9E37_79B1) >> 16)
    chain[next] = heads[hash]
    heads[hash] = Int32(truncatingIfNeeded: next)
  }

  /// How many bytes at a place are those so far back.
  static func length(_ bytes: Span<UInt8>, _ place: Int, _ distance: Int) -> Int {
    let most = min(RecordingPacking.longest, bytes.count - place)
    return unsafe bytes.withUnsafeBufferPointer { memory in
      guard let start = memory.baseAddress else { return 0 }
      let one = unsafe start + place
      let other = unsafe start + (place - distance)
      var length = 0
      while unsafe length < most && one[length] == other[length] { length &+= 1 }
      return length
    }
  }
}

/// Unpacks one block of a recording, as `RecordingPacking` describes. Foreign bytes give a wrong
/// block or none, never more than the block's length.
private struct RecordingUnpacker: ~Escapable {
  private var decoder: RangeDecoder
  private var history = RecordingHistory()

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>) {
    decoder = RangeDecoder(bytes, decisions: RecordingDecision.count)
  }

  /// Fills the memory; false when the bytes end early, copy from before the beginning, or take more
  /// steps (literals and copies) than it may.
  mutating func unpack(
    into memory: UnsafeMutableBufferPointer<UInt8>, mostSteps: Int
  ) -> Bool {
    var count = 0
    var last: UInt8 = 0
    var steps = mostSteps
    while count < memory.count {
      guard !decoder.isOverrun, steps > 0 else { return false }
      steps -= 1
      guard decoder.decode(RecordingDecision.isMatch + history.steps) else {
        last = literal(after: last)
        unsafe memory[count] = last
        count += 1
        continue
      }
      let step = copy()
      guard step.distance <= count, step.length <= memory.count - count else { return false }
      unsafe Self.copy(step, in: memory, to: count)
      count += step.length
      last = unsafe memory[count - 1]
    }
    return !decoder.isOverrun
  }

  /// Front to back, since the copy may overlap what it copies.
  private static func copy(
    _ step: (length: Int, distance: Int), in memory: UnsafeMutableBufferPointer<UInt8>,
    to place: Int
  ) {
    guard let start = memory.baseAddress else { return }
    let from = unsafe start + (place - step.distance)
    if step.distance >= step.length {
      unsafe (start + place).update(from: from, count: step.length)
    } else {
      for index in 0..<step.length { unsafe start[place + index] = from[index] }
    }
  }

  private mutating func literal(after last: UInt8) -> UInt8 {
    history.tookLiteral()
    let tree = RecordingDecision.literal(after: last)
    return UInt8(truncatingIfNeeded: decoder.decode(tree: tree, bits: 8))
  }

  private mutating func copy() -> (length: Int, distance: Int) {
    guard decoder.decode(RecordingDecision.isRepeat + history.steps) else {
      let length = length(RecordingDecision.length(ofRepeat: false))
      let distance = distance(length)
      history.tookMatch(distance)
      return (length, distance)
    }
    history.tookRepeat(decoder.decode(tree: RecordingDecision.which, bits: 2))
    return (length(RecordingDecision.length(ofRepeat: true)), history.distances.0)
  }

  private mutating func length(_ decisions: Int) -> Int {
    guard decoder.decode(decisions) else {
      return 2 + decoder.decode(tree: decisions + RecordingDecision.short, bits: 3)
    }
    guard decoder.decode(decisions + 1) else {
      return 10 + decoder.decode(tree: decisions + RecordingDecision.middle, bits: 4)
    }
    return 26 + decoder.decode(tree: decisions + RecordingDecision.long, bits: 8)
  }

  private mutating func distance(_ length: Int) -> Int {
    let slot = decoder.decode(tree: RecordingDecision.slot(length), bits: 6)
    let bits = RecordingPacking.bits(behind: slot)
    guard bits > 0 else { return slot + 1 }
    let lower = min(bits, 4)
    let upper = bits - lower
    var value = (2 + slot & 1) << upper | Int(decoder.decodeEven(bits: upper))
    value = value << lower | decoder.decode(tree: RecordingDecision.lowBits, bits: lower)
    return value + 1
  }
}
