import ProcNet

/// Names chosen by other processes, made safe to look at.
///
/// Control and escape bytes, bidirectional controls, line separators and bytes that are no UTF-8
/// are written visibly (`\x1b`, `\u202e`, `\xff`); everything else stays as it is, backslashes
/// too, so that ordinary names are word for word what ss prints. Only a backslash that would read
/// as one of these is written `\x5c`: so each name has one text, which a filter reads back.
enum SafeText {
  static func append(_ bytes: [UInt8], to writer: inout ByteWriter) {
    append(bytes, isName: true, to: &writer)
  }

  private static func append(_ bytes: [UInt8], isName: Bool, to writer: inout ByteWriter) {
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == backslash, isName, VisibleEscape.read(bytes[index...]) != nil {
        writer.append("\\x5c")
        index += 1
      } else if byte >= 0x20, byte < 0x7F {
        writer.append(byte)
        index += 1
      } else {
        index += appendUnusual(bytes, at: index, to: &writer)
      }
    }
  }

  /// Writes one byte or one character that is not plain ASCII; answers how many bytes it took.
  private static func appendUnusual(
    _ bytes: [UInt8], at index: Int, to writer: inout ByteWriter
  ) -> Int {
    guard let (scalar, length) = UTF8Reader.scalar(in: bytes, at: index),
      scalar >= 0xA0, !isPrivate(scalar)
    else {
      writer.append("\\x")
      writer.append(hexadecimal: UInt64(bytes[index]), width: 2)
      return 1
    }
    if isDeceptive(scalar) {
      writer.append(scalar > 0xFFFF ? "\\U" : "\\u")
      writer.append(hexadecimal: UInt64(scalar), width: scalar > 0xFFFF ? 8 : 4)
    } else {
      for place in index..<index + length { writer.append(bytes[place]) }
    }
    return length
  }

  /// Characters that change how their neighbours look, or that cannot be seen at all.
  static func isDeceptive(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x80...0x9F: true  // C1 controls
    case 0xAD, 0x61C, 0x180E, 0xFEFF: true
    case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F: true
    case 0xFFF9...0xFFFB, 0xE0000...0xE0FFF: true
    default: false
    }
  }

  private static let backslash = UInt8(ascii: "\\")

  /// A character that stands for a byte where names are Strings is written as the bytes it has.
  static func isPrivate(_ scalar: UInt32) -> Bool {
    Unicode.Scalar(scalar).flatMap(RawText.byte) != nil
  }

  /// A sentence, in which bytes may stand as `String.init(rawBytes:)` writes them, or escapes that
  /// have been written already: backslashes stay.
  static func append(_ text: String, to writer: inout ByteWriter) {
    append(text.rawBytes, isName: false, to: &writer)
  }

  static func string(_ text: String) -> String {
    var writer = ByteWriter(capacity: text.utf8.count + 16)
    append(text, to: &writer)
    return writer.text
  }

  static func string(_ bytes: [UInt8]) -> String {
    var writer = ByteWriter(capacity: bytes.count + 16)
    append(bytes, to: &writer)
    return writer.text
  }
}

/// The escapes that `SafeText` writes, read back: `\xff`, `\u202e`, `\U000e0001`.
///
/// Others are not: the `\x2d` in a systemd unit's name is four ordinary characters.
enum VisibleEscape {
  /// The bytes that an escape at the beginning means and its length; nil when there is none.
  static func read(_ text: some Collection<UInt8>) -> (bytes: [UInt8], length: Int)? {
    let head = Array(text.prefix(10))
    guard head.count >= 4, head[0] == UInt8(ascii: "\\") else { return nil }
    switch head[1] {
    case UInt8(ascii: "x"):
      guard let value = number(head[2..<4]), isWritten(UInt8(value)) else { return nil }
      return ([UInt8(value)], 4)
    case UInt8(ascii: "u"): return character(head, digits: 4)
    case UInt8(ascii: "U"): return character(head, digits: 8)
    default: return nil
    }
  }

  private static func isWritten(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte >= 0x7F || byte == UInt8(ascii: "\\")
  }

  private static func character(_ head: [UInt8], digits: Int) -> (bytes: [UInt8], length: Int)? {
    guard head.count >= 2 + digits, let value = number(head[2..<2 + digits]),
      SafeText.isDeceptive(value), let scalar = Unicode.Scalar(value)
    else { return nil }
    return (Array(String(Character(scalar)).utf8), 2 + digits)
  }

  /// Lower case only, as it is written.
  private static func number(_ digits: ArraySlice<UInt8>) -> UInt32? {
    var value: UInt32 = 0
    for digit in digits {
      switch digit {
      case 48...57: value = value << 4 | UInt32(digit - 48)
      case 97...102: value = value << 4 | UInt32(digit - 87)
      default: return nil
      }
    }
    return value
  }
}

/// Reads one character of UTF-8 strictly: no overlong forms, no surrogates.
enum UTF8Reader {
  /// The character that begins at an index and its length in bytes; nil when there is none.
  static func scalar(in bytes: [UInt8], at index: Int) -> (UInt32, Int)? {
    let lead = bytes[index]
    if lead < 0x80 { return (UInt32(lead), 1) }
    let (length, smallest): (Int, UInt32)
    switch lead {
    case 0xC2...0xDF: (length, smallest) = (2, 0x80)
    case 0xE0...0xEF: (length, smallest) = (3, 0x800)
    case 0xF0...0xF4: (length, smallest) = (4, 0x10000)
    default: return nil
    }
    guard index + length <= bytes.count else { return nil }
    var value = UInt32(lead) & (0x7F >> UInt32(length))
    for place in index + 1..<index + length {
      guard bytes[place] & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(bytes[place] & 0x3F)
    }
    let isSurrogate = (0xD800...0xDFFF).contains(value)
    return value >= smallest && value <= 0x10FFFF && !isSurrogate ? (value, length) : nil
  }
}
