/// Walks over the columns of one line of kernel text.
///
/// Each read either finds what the format promises and moves on, or answers nil; numbers that do
/// not fit are nil too. Nothing is copied.
struct FieldReader: ~Escapable {
  private let line: Span<UInt8>
  private(set) var position = 0

  @_lifetime(copy line)
  init(_ line: Span<UInt8>) { self.line = line }

  var isAtEnd: Bool { position >= line.count }
  var isAtSpace: Bool { position < line.count && line[position].isBlank }

  /// Passes spaces and tabs, also none.
  mutating func skipSpaces() {
    while position < line.count, line[position].isBlank { position += 1 }
  }

  /// Passes one byte when it is the expected one.
  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard position < line.count, UInt32(line[position]) == character.value else { return false }
    position += 1
    return true
  }

  /// Passes a word when it stands here.
  mutating func skip(word: StaticString) -> Bool {
    var offset = position
    for scalar in word.description.unicodeScalars {
      guard offset < line.count, UInt32(line[offset]) == scalar.value else { return false }
      offset += 1
    }
    position = offset
    return true
  }

  /// Passes a column whatever is in it, with the spaces before it; false when there is none.
  mutating func skipColumn() -> Bool {
    skipSpaces()
    let start = position
    while position < line.count, !line[position].isBlank { position += 1 }
    return position > start
  }

  /// A column as text; for small files only. nil when there is none.
  mutating func textColumn() -> String? {
    skipSpaces()
    let start = position
    guard skipColumn() else { return nil }
    return line.extracting(start..<position).text
  }

  /// All columns that are left, as text.
  mutating func textColumns() -> [String] {
    var columns: [String] = []
    while let column = textColumn() { columns.append(column) }
    return columns
  }

  /// A number in hexadecimal digits of either case, at most this many (and 16).
  mutating func hexadecimal(most: Int) -> UInt64? {
    let start = position
    var value: UInt64 = 0
    while position < line.count, let digit = line[position].hexadecimalDigit {
      guard position - start < min(most, 16) else { return nil }
      value = value << 4 | UInt64(digit)
      position += 1
    }
    return position > start ? value : nil
  }

  /// Passes the address of something in the kernel, which tells nothing; false when there is none.
  ///
  /// It is a hash of the address. As long as the kernel has no random numbers to hash with, early
  /// after booting, it is the word `(____ptrval____)` instead (since Linux 4.15).
  mutating func skipPointer() -> Bool {
    skip(word: "(____ptrval____)") || hexadecimal(most: 16) != nil
  }

  /// A number of exactly eight hexadecimal digits, whatever follows them.
  mutating func word() -> UInt64? {
    guard line.count - position >= 8 else { return nil }
    var value: UInt64 = 0
    for offset in position..<position + 8 {
      guard let digit = line[offset].hexadecimalDigit else { return nil }
      value = value << 4 | UInt64(digit)
    }
    position += 8
    return value
  }

  /// A number in decimal digits.
  mutating func decimal() -> UInt64? {
    let start = position
    var value: UInt64 = 0
    while position < line.count, case let digit = line[position] &- 48, digit < 10 {
      guard value <= (UInt64.max - 9) / 10 else { return nil }
      value = value * 10 + UInt64(digit)
      position += 1
    }
    return position > start ? value : nil
  }

  /// A column in decimal digits that fits 32 bits, with the spaces before it.
  mutating func decimalColumn() -> UInt32? {
    skipSpaces()
    return decimal().flatMap { UInt32(exactly: $0) }
  }

  /// A column in hexadecimal digits, with the spaces before it.
  mutating func hexadecimalColumn(most: Int) -> UInt64? {
    skipSpaces()
    return hexadecimal(most: most)
  }

  /// The bytes from here to the end of the line.
  var rest: Span<UInt8> {
    @_lifetime(copy self) get { line.extracting(position..<line.count) }
  }
}

extension UInt8 {
  /// A space or a tab.
  var isBlank: Bool { self == 32 || self == 9 }

  fileprivate var hexadecimalDigit: UInt8? {
    switch self {
    case 48...57: self - 48
    case 65...70: self - 55
    case 97...102: self - 87
    default: nil
    }
  }
}

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
