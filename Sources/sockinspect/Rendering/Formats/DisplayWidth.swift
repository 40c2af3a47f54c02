import ProcNet

/// How many columns text takes on a terminal.
enum DisplayWidth {
  static func of(_ bytes: [UInt8]) -> Int {
    var width = 0
    var index = 0
    while index < bytes.count {
      let (scalar, length) = UTF8Reader.scalar(in: bytes, at: index) ?? (UInt32(63), 1)
      width += columns(of: scalar)
      index += length
    }
    return width
  }

  private static func columns(of scalar: UInt32) -> Int {
    switch scalar {
    case 0x300...0x36F, 0x20D0...0x20FF, 0xFE00...0xFE0F: 0  // combining
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      2
    default: 1
    }
  }
}

extension ByteWriter {
  /// A copy of the buffer.
  var bytes: [UInt8] {
    let span = span
    var bytes: [UInt8] = []
    bytes.reserveCapacity(span.count)
    for index in span.indices { bytes.append(span[index]) }
    return bytes
  }
}
