/// The way in which the kernel writes file names into tables with spaces between the columns: space,
/// tab, line feed and backslash become a backslash and three octal digits.
enum OctalEscape {
  /// `\040` becomes a space; a backslash without three octal digits of a byte stays.
  static func decode(_ field: ArraySlice<UInt8>) -> [UInt8] {
    guard field.contains(UInt8(ascii: "\\")) else { return Array(field) }
    var bytes: [UInt8] = []
    var rest = field
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\\"), let value = octal(rest.prefix(3)) {
        bytes.append(value)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return bytes
  }

  private static func octal(_ digits: ArraySlice<UInt8>) -> UInt8? {
    guard digits.count == 3, digits.allSatisfy({ $0 >= 48 && $0 <= 55 }) else { return nil }
    return UInt8(exactly: digits.reduce(0) { $0 * 8 + Int($1 - 48) })
  }
}
