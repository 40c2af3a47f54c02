/// Builds a recording byte by byte, also one that no program would write.
///
/// The checksum is computed bit by bit, apart from the tables under test.
struct RecordingBytes {
  var bytes = Array("sockinspect recording 1.2\n".utf8)
  private var count: UInt64 = 0

  mutating func frame(_ kind: UInt8, _ body: [UInt8]) {
    let length = UInt32(body.count + 1)
    let checked = withUnsafeBytes(of: length.littleEndian) { Array($0) } + [kind] + body
    bytes += checked + withUnsafeBytes(of: Self.crc(checked).littleEndian) { Array($0) }
    count += 1
  }

  /// Time 0, host "h", kernel release "k", program "p", architecture "".
  mutating func header() { frame(1, number(0) + [1, 0, 104, 1, 0, 107, 1, 0, 112, 0, 0]) }

  mutating func end() { frame(5, number(count)) }

  /// CRC-32: polynomial 0x04C11DB7 with the bits the other way around.
  static func crc(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { register, byte in
      (0..<8).reduce(register ^ UInt32(byte)) { value, _ in
        value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0)
      }
    }
  }
}

/// Eight bytes, the lowest first.
func number(_ value: UInt64) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
