/// Walks the attributes behind a message (`struct nlattr`: length u16, type u16, payload).
///
/// A length that is too small to advance or too large for what arrived ends the walk: what was
/// read before stays.
struct NetlinkAttributes {
  private(set) var offset: Int
  private(set) var type: UInt16 = 0
  private(set) var start = 0
  private(set) var count = 0

  init(from offset: Int) { self.offset = offset }

  /// Moves to the next attribute; false at the end.
  @inline(__always)
  mutating func next(in bytes: borrowing Span<UInt8>) -> Bool {
    guard bytes.count - offset >= 4 else { return false }
    let length = Int(bytes.number16(at: offset))
    guard length >= 4, length <= bytes.count - offset else { return false }
    // The two highest bits say "nested" and "network byte order" (NLA_TYPE_MASK).
    type = bytes.number16(at: offset + 2) & 0x3FFF
    start = offset + 4
    count = length - 4
    offset += NetlinkMessage.aligned(length)
    return true
  }

  func number8(in bytes: borrowing Span<UInt8>) -> UInt8? {
    count >= 1 ? bytes[start] : nil
  }

  func number16(in bytes: borrowing Span<UInt8>) -> UInt16? {
    count >= 2 ? bytes.number16(at: start) : nil
  }

  func number32(in bytes: borrowing Span<UInt8>) -> UInt32? {
    count >= 4 ? bytes.number32(at: start) : nil
  }

  func number64(in bytes: borrowing Span<UInt8>) -> UInt64? {
    count >= 8 ? bytes.number64(at: start) : nil
  }

  func bytes(in bytes: borrowing Span<UInt8>) -> [UInt8] {
    bytes.extracting(start..<start + count).copied()
  }

  /// Bytes up to the first zero byte.
  func text(in bytes: borrowing Span<UInt8>) -> [UInt8] {
    var text = self.bytes(in: bytes)
    if let end = text.firstIndex(of: 0) { text.removeSubrange(end...) }
    return text
  }

  func words(in bytes: borrowing Span<UInt8>) -> [UInt32] {
    var words: [UInt32] = []
    for index in 0..<count / 4 { words.append(bytes.number32(at: start + index * 4)) }
    return words
  }
}
