import ProcNet

/// The labels of a sample as they are written, without braces: `netid="tcp",port="80"`.
struct MetricLabels: Sendable, Hashable {
  private(set) var text: [UInt8] = []

  /// Adds a label; one without a value is left out, which is what an empty one would mean.
  mutating func add(_ name: String, _ value: [UInt8]?) {
    guard let value, !value.isEmpty else { return }
    if !text.isEmpty { text.append(UInt8(ascii: ",")) }
    text += Array(name.utf8) + [UInt8(ascii: "="), UInt8(ascii: "\"")]
    Self.append(value, to: &text)
    text.append(UInt8(ascii: "\""))
  }

  mutating func add(_ name: String, _ value: String?) {
    add(name, value?.rawBytes)
  }

  /// Any bytes as a label's value.
  ///
  /// Backslash, quote and newline have escapes. The formats have none for other controls, and
  /// readers differ in what they make of them, so those are written visibly (`\x1b`, as text);
  /// so are characters that deceive the eye, and bytes that are no UTF-8 (`\xff`).
  private static func append(_ value: [UInt8], to text: inout [UInt8]) {
    var index = 0
    while index < value.count {
      guard let (scalar, length) = UTF8Reader.scalar(in: value, at: index),
        !SafeText.isPrivate(scalar)
      else {
        text += Array("\\\\x\(hexadecimal(UInt32(value[index]), 2))".utf8)
        index += 1
        continue
      }
      switch scalar {
      case 0x0A: text += Array("\\n".utf8)
      case 0x22: text += Array("\\\"".utf8)
      case 0x5C: text += Array("\\\\".utf8)
      case 0..<0x20, 0x7F: text += Array("\\\\x\(hexadecimal(scalar, 2))".utf8)
      case _ where SafeText.isDeceptive(scalar):
        text += Array("\\\\u\(hexadecimal(scalar, 4))".utf8)
      default: text += value[index..<index + length]
      }
      index += length
    }
  }

  private static func hexadecimal(_ scalar: UInt32, _ width: Int) -> String {
    let digits = String(scalar, radix: 16)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
