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

  /// Reads memory directly: a checked read per byte makes a build for debugging 18 times slower
  /// and one for release by a half. Each index below is a byte plus at most 1792, and the tables
  /// have 2048 entries.
  mutating func add(_ bytes: Span<UInt8>) {
    let start = register
    register = unsafe Self.table.withUnsafeBufferPointer { table in
      unsafe bytes.withUnsafeBytes { memory in
        guard let table = table.baseAddress, let first = memory.baseAddress else { return start }
        return unsafe Self.register(start, after: first, memory.count, table)
      }
    }
  }

  private static func register(
    _ start: UInt32, after bytes: UnsafeRawPointer, _ count: Int, _ table: UnsafePointer<UInt32>
  ) -> UInt32 {
    var value = start
    var index = 0
    while index < count & ~7 {
      let word = unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      value = unsafe mixed(word.littleEndian ^ UInt64(value), table)
      index &+= 8
    }
    while index < count {
      let byte = unsafe bytes.load(fromByteOffset: index, as: UInt8.self)
      value = unsafe table[Int((value ^ UInt32(byte)) & 0xFF)] ^ value &>> 8
      index &+= 1
    }
    return value
  }

  /// The register after eight bytes, the first in the lowest place.
  @inline(__always)
  private static func mixed(_ word: UInt64, _ table: UnsafePointer<UInt32>) -> UInt32 {
    let low =
      unsafe table[1792 &+ Int(word & 0xFF)] ^ table[1536 &+ Int(word &>> 8 & 0xFF)]
      ^ table[1280 &+ Int(word &>> 16 & 0xFF)] ^ table[1024 &+ Int(word &>> 24 & 0xFF)]
    let high =
      unsafe table[768 &+ Int(word &>> 32 & 0xFF)] ^ table[512 &+ Int(word &>> 40 & 0xFF)]
      ^ table[256 &+ Int(word &>> 48 & 0xFF)] ^ table[Int(word &>> 56)]
    return low ^ high
  }
}
