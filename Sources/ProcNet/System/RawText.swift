import Glibc

/// Bytes of the kernel or the command line as a String, without loss.
///
/// Names of files, namespaces and control groups are bytes, mostly UTF-8. A byte that belongs to no
/// character becomes one of 256 private ones, U+10FE00 and the byte; those characters themselves
/// count as bytes too, so that every name has one String and every String one name.
public enum RawText {
  private static let first: UInt32 = 0x10FE00

  /// The character that stands for a byte.
  public static func scalar(for byte: UInt8) -> Unicode.Scalar {
    Unicode.Scalar(first + UInt32(byte)) ?? Unicode.Scalar(byte)
  }

  /// The byte that a character stands for; nil for any other character.
  public static func byte(of scalar: Unicode.Scalar) -> UInt8? {
    scalar.value >= first ? UInt8(exactly: scalar.value - first) : nil
  }
}

extension String {
  /// A name that may hold any bytes.
  public init(rawBytes bytes: some Sequence<UInt8>) {
    let bytes = Array(bytes)
    // Every private character begins with 0xF4.
    if !bytes.contains(0xF4), let plain = String(validating: bytes, as: UTF8.self) {
      self = plain
      return
    }
    var scalars = String.UnicodeScalarView()
    var parser = Unicode.UTF8.ForwardParser()
    var rest = bytes.makeIterator()
    var start = 0
    while true {
      let length: Int
      switch parser.parseScalar(from: &rest) {
      case .emptyInput:
        self = String(scalars)
        return
      case .valid(let encoded):
        length = encoded.count
        let scalar = Unicode.UTF8.decode(encoded)
        if RawText.byte(of: scalar) == nil {
          scalars.append(scalar)
        } else {
          scalars.append(contentsOf: bytes[start..<start + length].map(RawText.scalar))
        }
      case .error(let count):
        length = count
        scalars.append(contentsOf: bytes[start..<start + length].map(RawText.scalar))
      }
      start += length
    }
  }

  /// A name of the C library's, up to its zero byte.
  init(rawCString name: UnsafePointer<CChar>) {
    unsafe self.init(rawBytes: UnsafeRawBufferPointer(start: name, count: strlen(name)))
  }

  /// The bytes of a name in the order in which the kernel knows them.
  public var rawBytes: [UInt8] { Self.rawBytes(of: unicodeScalars, utf8) }

  fileprivate static func rawBytes(
    of scalars: some Sequence<Unicode.Scalar>, _ utf8: some Sequence<UInt8>
  ) -> [UInt8] {
    let plain = Array(utf8)
    guard plain.contains(0xF4) else { return plain }
    return scalars.flatMap { scalar in
      RawText.byte(of: scalar).map { [$0] } ?? Array(UTF8.encode(scalar) ?? .init())
    }
  }
}

extension Substring {
  /// The bytes of a part of a name, as of a whole one.
  public var rawBytes: [UInt8] { String.rawBytes(of: unicodeScalars, utf8) }
}

extension String {
  /// The name for a system call, ending with a zero byte.
  func withRawCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    // Nearly all names are plain; they need no copy.
    guard utf8.contains(0xF4) else { return unsafe withCString(body) }
    let bytes = rawBytes.map(CChar.init(bitPattern:)) + [0]
    return unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return unsafe "".withCString(body) }
      return unsafe body(start)
    }
  }
}
