/// Packs one block of a recording, as `RecordingPacking` describes.
struct RecordingPacker: ~Copyable, ~Escapable {
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
struct RecordingMatch {
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
struct RecordingMatchFinder: ~Copyable {
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
