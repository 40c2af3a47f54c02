import LayoutOracle

/// What the installed kernel headers say, for comparing our offsets with.
enum HeaderOracle {
  struct Place: Equatable {
    var offset: Int
    var width: Int
  }

  /// `(6, 1)` for headers of Linux 6.1.
  static var version: (Int, Int) {
    let code = Int(oracle_header_version())
    return (code >> 16, code >> 8 & 0xFF)
  }

  /// Bytes of a structure; nil when these headers are older than it.
  static func size(of structure: String) -> Int? {
    var bytes: Int32 = 0
    return oracle_size(structure, &bytes) ? Int(bytes) : nil
  }

  static func place(of field: String, in structure: String) -> Place? {
    var offset: Int32 = 0
    var width: Int32 = 0
    guard oracle_field(structure, field, &offset, &width) else { return nil }
    return Place(offset: Int(offset), width: Int(width))
  }

  static func constant(_ name: String) -> Int? {
    var value = 0
    return oracle_constant(name, &value) ? value : nil
  }

  /// A `struct tcp_info` in which C has set one bit field, and everything else is zero.
  static func tcpInfo(settingBits field: String, to value: UInt32) -> [UInt8]? {
    guard let size = size(of: "tcp_info") else { return nil }
    var bytes = [UInt8](repeating: 0, count: size)
    return oracle_tcp_info_with_bits(field, value, &bytes) ? bytes : nil
  }
}
