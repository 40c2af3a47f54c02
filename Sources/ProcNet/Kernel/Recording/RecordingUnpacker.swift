/// Unpacks one block of a recording, as `RecordingPacking` describes. Foreign bytes give a wrong
/// block or none, never more than the block's length.
struct RecordingUnpacker: ~Escapable {
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
