/// Bytes written as people read them: two digits each, and what stands behind `;` says what they
/// mean.
struct HexDump {
  let bytes: [UInt8]

  init(_ text: String) {
    let digits = text.split(separator: "\n")
      .flatMap { $0.prefix { $0 != ";" } }
      .compactMap(\.hexDigitValue)
    bytes = stride(from: 0, to: digits.count - 1, by: 2).map {
      UInt8(digits[$0] << 4 | digits[$0 + 1])
    }
  }

  /// `struct nlattr` in front of a payload, and zeros up to a multiple of four.
  static func attribute(_ type: UInt16, _ payload: [UInt8]) -> [UInt8] {
    attribute(type, claiming: UInt16(payload.count + 4), payload)
  }

  /// The same with a length that need not be true.
  static func attribute(_ type: UInt16, claiming length: UInt16, _ payload: [UInt8]) -> [UInt8] {
    let header = [length, type].flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    return header + payload + [UInt8](repeating: 0, count: (4 - payload.count % 4) % 4)
  }

  /// Numbers of four bytes, the lowest byte first.
  static func words(_ words: [UInt32]) -> [UInt8] {
    words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
  }
}
