import ProcNet

/// Names chosen by other processes, made safe to look at.
///
/// Control and escape bytes, bidirectional controls, line separators and bytes that are no UTF-8
/// are written visibly (`\x1b`, `\u202e`, `\xff`); everything else stays as it is, backslashes
/// too, so that ordinary names are word for word what ss prints.
enum SafeText {
  static func append(_ bytes: [UInt8], to writer: inout ByteWriter) {
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte >= 0x20, byte < 0x7F {
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
    guard let (scalar, length) = UTF8Reader.scalar(in: bytes, at: index), scalar >= 0xA0 else {
      writer.append("\\x")
      writer.append(hexadecimal: UInt64(bytes[index]), width: 2)
      return 1
    }
    if isDeceptive(scalar) {
      writer.append("\\u")
      writer.append(hexadecimal: UInt64(scalar), width: 4)
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

  static func string(_ bytes: [UInt8]) -> String {
    var writer = ByteWriter(capacity: bytes.count + 16)
    append(bytes, to: &writer)
    return writer.text
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
