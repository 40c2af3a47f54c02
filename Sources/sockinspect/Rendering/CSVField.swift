import ProcNet

/// One field of CSV, in quotes where it needs them.
enum CSVField {
  private static let special: Set<UInt8> = [0x22, 0x2C, 0x0A, 0x0D]

  static func append(_ bytes: [UInt8], to writer: inout ByteWriter) {
    guard bytes.contains(where: special.contains) else { return writer.append(bytes) }
    writer.append(UInt8(ascii: "\""))
    for byte in bytes {
      if byte == 0x22 { writer.append(byte) }
      writer.append(byte)
    }
    writer.append(UInt8(ascii: "\""))
  }
}
