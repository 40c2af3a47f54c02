/// A key as it was pressed.
enum Key: Hashable, Sendable {
  case character(Unicode.Scalar)
  case enter, escape, backspace, tab, backTab
  case up, down, left, right, pageUp, pageDown, home, end, delete
  /// Ctrl with a letter, by the letter.
  case control(Unicode.Scalar)
}

/// Turns what a terminal sends into keys (the sequences of xterm and the VT100, UTF-8).
///
/// A sequence can come in pieces, and the Escape key is the beginning of one: a caller that waits
/// for more than a moment in vain calls `expire`.
struct KeyReader {
  private var waiting: [UInt8] = []
  /// No sequence that we know is longer; what is, is no key.
  private static let longest = 24

  /// The keys that are complete.
  mutating func take(_ bytes: [UInt8]) -> [Key] {
    waiting += bytes
    var keys: [Key] = []
    while !waiting.isEmpty, let (key, length) = next() {
      if let key { keys.append(key) }
      waiting.removeFirst(length)
    }
    return keys
  }

  var isWaiting: Bool { !waiting.isEmpty }

  /// Nothing more comes: a lone Escape is the key; other beginnings are nothing.
  mutating func expire() -> [Key] {
    defer { waiting = [] }
    return waiting == [0x1B] ? [.escape] : []
  }

  /// A key, or nil for something that is not one, and how many bytes it took; nil when bytes are
  /// missing.
  private func next() -> (Key?, Int)? {
    switch waiting[0] {
    case 0x1B: return sequence()
    case 0x0D, 0x0A: return (.enter, 1)
    case 0x09: return (.tab, 1)
    case 0x7F, 0x08: return (.backspace, 1)
    case 0x01...0x1A: return (.control(Unicode.Scalar(waiting[0] + 0x60)), 1)
    case 0x00..<0x20: return (nil, 1)
    default: return character()
    }
  }

  private func character() -> (Key?, Int)? {
    if let (scalar, length) = UTF8Reader.scalar(in: waiting, at: 0) {
      let isShown = scalar < 0x7F || (scalar >= 0xA0 && !SafeText.isDeceptive(scalar))
      return (isShown ? Unicode.Scalar(scalar).map { .character($0) } : nil, length)
    }
    let isBeginning =
      waiting[0] >= 0xC2 && waiting[0] <= 0xF4 && waiting.count < 4
      && waiting.dropFirst().allSatisfy { $0 & 0xC0 == 0x80 }
    return isBeginning ? nil : (nil, 1)
  }

  /// `ESC [ parameters final`, `ESC O final`; Alt with a key (`ESC key`) is nothing.
  private func sequence() -> (Key?, Int)? {
    guard waiting.count > 1 else { return nil }
    guard waiting[1] == UInt8(ascii: "[") || waiting[1] == UInt8(ascii: "O") else {
      return waiting[1] == 0x1B ? (.escape, 1) : (nil, 2)
    }
    guard let final = waiting.dropFirst(2).firstIndex(where: { $0 >= 0x40 && $0 <= 0x7E }) else {
      return waiting.count > Self.longest ? (nil, waiting.count) : nil
    }
    let parameters = waiting[2..<final]
    return (Self.key(waiting[final], parameters.prefix { $0 != UInt8(ascii: ";") }), final + 1)
  }

  private static func key(_ final: UInt8, _ parameter: ArraySlice<UInt8>) -> Key? {
    switch Unicode.Scalar(final) {
    case "A": .up
    case "B": .down
    case "C": .right
    case "D": .left
    case "H": .home
    case "F": .end
    case "Z": .backTab
    case "M": .enter
    case "~": numbered[String(decoding: parameter, as: UTF8.self)]
    default: nil
    }
  }

  private static let numbered: [String: Key] = [
    "1": .home, "7": .home, "4": .end, "8": .end, "3": .delete, "5": .pageUp, "6": .pageDown,
  ]
}
