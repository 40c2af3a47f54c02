import ProcNet

/// Writes JSON (RFC 8259) piece by piece: keys, values, and the commas between them.
struct JSONWriter {
  /// Whether the next key or element needs a comma before it.
  private var needsComma = false

  mutating func open(_ bracket: Unicode.Scalar, _ writer: inout ByteWriter) {
    separate(&writer)
    writer.append(UInt8(ascii: bracket))
    needsComma = false
  }

  /// Puts the next element on a line of its own, for people who look into large documents.
  mutating func newLine(_ writer: inout ByteWriter) {
    writer.append(needsComma ? ",\n" : "\n")
    needsComma = false
  }

  mutating func close(_ bracket: Unicode.Scalar, _ writer: inout ByteWriter) {
    writer.append(UInt8(ascii: bracket))
    needsComma = true
  }

  mutating func key(_ name: StaticString, _ writer: inout ByteWriter) {
    separate(&writer)
    writer.append(UInt8(ascii: "\""))
    writer.append(name)
    writer.append("\":")
    needsComma = false
  }

  mutating func key(_ name: String, _ writer: inout ByteWriter) {
    separate(&writer)
    writer.append(UInt8(ascii: "\""))
    writer.append(name)
    writer.append("\":")
    needsComma = false
  }

  /// A key that was made ready beforehand, `"name":`, as a part of a longer text.
  mutating func readyKey(
    _ text: [UInt8], _ range: Range<Int>, _ writer: inout ByteWriter
  ) {
    separate(&writer)
    writer.append(text.span.extracting(range))
    needsComma = false
  }

  mutating func number(_ value: UInt64, _ writer: inout ByteWriter) {
    separate(&writer)
    writer.append(decimal: value)
  }

  mutating func integer(_ value: Int64, _ writer: inout ByteWriter) {
    separate(&writer)
    if value < 0 { writer.append(UInt8(ascii: "-")) }
    writer.append(decimal: value.magnitude)
  }

  /// A number with one decimal.
  mutating func tenths(_ value: UInt64, _ writer: inout ByteWriter) {
    separate(&writer)
    writer.append(decimal: value / 10)
    writer.append(UInt8(ascii: "."))
    writer.append(decimal: value % 10)
  }

  /// A number that is written as it has to be.
  mutating func raw(_ writer: inout ByteWriter, _ value: (inout ByteWriter) -> Void) {
    separate(&writer)
    value(&writer)
  }

  mutating func literal(_ text: StaticString, _ writer: inout ByteWriter) {
    separate(&writer)
    writer.append(text)
  }

  /// A string whose contents need no escapes, written by the caller.
  mutating func quoted(
    _ writer: inout ByteWriter, _ contents: (inout ByteWriter) -> Void
  ) {
    separate(&writer)
    writer.append(UInt8(ascii: "\""))
    contents(&writer)
    writer.append(UInt8(ascii: "\""))
  }

  mutating func text(_ text: String, _ writer: inout ByteWriter) {
    separate(&writer)
    Self.quote(text.rawBytes, isName: false, &writer)
  }

  mutating func string(_ bytes: [UInt8], _ writer: inout ByteWriter) {
    separate(&writer)
    Self.quote(bytes, &writer)
  }

  private mutating func separate(_ writer: inout ByteWriter) {
    if needsComma { writer.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  /// A JSON string. Control characters, bidirectional controls and the like are `\u` escapes;
  /// bytes that are no UTF-8 are written as text, `\xff`, as on a terminal, and a backslash that
  /// would read so as `\x5c`, except in sentences, which may hold such escapes.
  static func quote(_ bytes: [UInt8], isName: Bool = true, _ writer: inout ByteWriter) {
    writer.append(UInt8(ascii: "\""))
    if bytes.allSatisfy(isOrdinary) {
      writer.append(bytes)
      return writer.append(UInt8(ascii: "\""))
    }
    var index = 0
    while index < bytes.count {
      guard let (scalar, length) = UTF8Reader.scalar(in: bytes, at: index),
        !SafeText.isPrivate(scalar)
      else {
        writer.append("\\\\x")
        writer.append(hexadecimal: UInt64(bytes[index]), width: 2)
        index += 1
        continue
      }
      if scalar == 0x5C, isName, VisibleEscape.read(bytes[index...]) != nil {
        writer.append("\\\\x5c")
        index += 1
        continue
      }
      appendScalar(scalar, bytes[index..<index + length], &writer)
      index += length
    }
    writer.append(UInt8(ascii: "\""))
  }

  /// Printable ASCII that needs no escape: nearly every name there is.
  private static func isOrdinary(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x7F && byte != 0x22 && byte != 0x5C
  }

  private static func appendScalar(
    _ scalar: UInt32, _ bytes: ArraySlice<UInt8>, _ writer: inout ByteWriter
  ) {
    if scalar == 0x22 || scalar == 0x5C {
      writer.append(UInt8(ascii: "\\"))
      writer.append(UInt8(truncatingIfNeeded: scalar))
    } else if scalar < 0x20 || scalar == 0x7F || SafeText.isDeceptive(scalar) {
      appendEscape(scalar, &writer)
    } else {
      for byte in bytes { writer.append(byte) }
    }
  }

  /// Beyond the first plane as a pair of surrogates.
  private static func appendEscape(_ scalar: UInt32, _ writer: inout ByteWriter) {
    var units = [scalar]
    if scalar > 0xFFFF {
      let rest = scalar - 0x10000
      units = [0xD800 + rest >> 10, 0xDC00 + rest & 0x3FF]
    }
    for unit in units {
      writer.append("\\u")
      writer.append(hexadecimal: UInt64(unit), width: 4)
    }
  }
}

extension JSONWriter {
  /// A key with a value, left out when there is none.
  mutating func member<Integer: FixedWidthInteger & UnsignedInteger>(
    _ name: StaticString, _ value: Integer?, _ writer: inout ByteWriter
  ) {
    guard let value else { return }
    key(name, &writer)
    number(UInt64(value), &writer)
  }

  /// A word of our own vocabulary, which needs no escapes.
  mutating func member(
    _ name: StaticString, plain value: String, _ writer: inout ByteWriter
  ) {
    key(name, &writer)
    quoted(&writer) { $0.append(value) }
  }

  mutating func member(_ name: StaticString, text value: String?, _ writer: inout ByteWriter) {
    guard let value else { return }
    key(name, &writer)
    text(value, &writer)
  }

  mutating func member(
    _ name: StaticString, bytes value: [UInt8]?, _ writer: inout ByteWriter
  ) {
    guard let value else { return }
    key(name, &writer)
    string(value, &writer)
  }

  mutating func member(_ name: StaticString, _ value: Bool?, _ writer: inout ByteWriter) {
    guard let value else { return }
    key(name, &writer)
    literal(value ? "true" : "false", &writer)
  }

  /// A list of strings.
  mutating func member(
    _ name: StaticString, texts: some Sequence<String>, _ writer: inout ByteWriter
  ) {
    key(name, &writer)
    open("[", &writer)
    for value in texts { text(value, &writer) }
    close("]", &writer)
  }
}
