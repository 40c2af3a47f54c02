/// Bytes that arrive in pieces of any size, taken out line by line.
struct ChatLines {
  private var bytes: [UInt8] = []
  /// Everything before was taken out.
  private var first = 0
  /// Everything before has been looked through for a newline.
  private var scanned = 0
  /// What is longer is handed out in parts, so that memory stays bounded.
  private let longest: Int

  init(longest: Int) { self.longest = max(longest, 4) }

  /// Bytes that are not yet a line.
  var count: Int { bytes.count - first }

  mutating func append(_ piece: ArraySlice<UInt8>) {
    if first > 0, first == bytes.count || first > 65536 {
      bytes.removeFirst(first)
      scanned -= first
      first = 0
    }
    bytes += piece
  }

  /// The next line with its newline, or a part of one that is too long.
  mutating func next() -> [UInt8]? {
    while scanned < bytes.count {
      scanned += 1
      if bytes[scanned - 1] == UInt8(ascii: "\n") { return take(upTo: scanned) }
    }
    return count >= longest ? take(upTo: endOfCharacters) : nil
  }

  /// What is left without a newline; nil when nothing is.
  mutating func rest() -> [UInt8]? { count > 0 ? take(upTo: bytes.count) : nil }

  private mutating func take(upTo end: Int) -> [UInt8] {
    defer {
      first = end
      scanned = max(scanned, end)
    }
    return Array(bytes[first..<end])
  }

  /// Before the last character if that may be incomplete: a part never ends inside one.
  private var endOfCharacters: Int {
    for index in (max(first + 1, bytes.count - 4)..<bytes.count).reversed() {
      // 10xxxxxx goes on with a character, 11xxxxxx begins one of several bytes.
      if bytes[index] & 0xC0 == 0x80 { continue }
      return bytes[index] >= 0xC0 ? index : bytes.count
    }
    return bytes.count
  }
}
