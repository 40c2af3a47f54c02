/// CRC-32 as in IEEE 802.3 (polynomial 0x04C11DB7, bits reflected), eight bytes at a time.
struct RecordingChecksum {
  private var register: UInt32 = ~0

  /// Eight tables of 256: entry `256 * k + b` is what byte `b` becomes after `k` more zero bytes.
  private static let table: [UInt32] = {
    var table = (0..<256).map { (byte: UInt32) in
      (0..<8).reduce(byte) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    for index in 256..<2048 {
      let value = table[index - 256]
      table.append(table[Int(value & 0xFF)] ^ value >> 8)
    }
    return table
  }()

  var value: UInt32 { ~register }

  mutating func add(_ bytes: Span<UInt8>) {
    let table = Self.table.span
    var value = register
    var index = 0
    while index + 8 <= bytes.count {
      value = Self.mixed(
        bytes.number32(at: index) ^ value, bytes.number32(at: index + 4), table)
      index += 8
    }
    while index < bytes.count {
      value = table[Int((value ^ UInt32(bytes[index])) & 0xFF)] ^ value >> 8
      index += 1
    }
    register = value
  }

  /// The register after eight bytes, given as two numbers.
  @inline(__always)
  private static func mixed(_ low: UInt32, _ high: UInt32, _ table: Span<UInt32>) -> UInt32 {
    let first =
      table[1792 + Int(low & 0xFF)] ^ table[1536 + Int(low >> 8 & 0xFF)]
      ^ table[1280 + Int(low >> 16 & 0xFF)] ^ table[1024 + Int(low >> 24)]
    return first ^ table[768 + Int(high & 0xFF)] ^ table[512 + Int(high >> 8 & 0xFF)]
      ^ table[256 + Int(high >> 16 & 0xFF)] ^ table[Int(high >> 24)]
  }
}
