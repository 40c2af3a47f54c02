/// Reads the body of a frame piece by piece; nil as soon as the body is too short.
struct RecordingCursor: ~Escapable {
  private let bytes: Span<UInt8>
  private var position = 0

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func number<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) -> Number? {
    let width = Number.bitWidth / 8
    guard bytes.count - position >= width else { return nil }
    var value: UInt64 = 0
    for index in 0..<width { value |= UInt64(bytes[position + index]) << UInt64(8 * index) }
    position += width
    return Number(truncatingIfNeeded: value)
  }

  /// The position of a text's bytes, which `slice` gives.
  mutating func text() -> Range<Int>? {
    guard let length = number(UInt16.self), bytes.count - position >= Int(length) else {
      return nil
    }
    position += Int(length)
    return position - Int(length)..<position
  }

  @_lifetime(copy self)
  func slice(_ range: Range<Int>) -> Span<UInt8> { bytes.extracting(range) }

  mutating func copiedText() -> [UInt8]? {
    guard let range = text() else { return nil }
    return bytes.extracting(range).copied()
  }

  mutating func string() -> String? {
    copiedText().map { String(decoding: $0, as: UTF8.self) }
  }

  /// What has not been read yet.
  var rest: Span<UInt8> {
    @_lifetime(copy self)
    get { bytes.extracting(position..<bytes.count) }
  }
}

/// The writing counterpart: appends the same shapes.
extension [UInt8] {
  mutating func appendRecorded<Number: FixedWidthInteger>(_ number: Number) {
    for shift in stride(from: 0, to: Number.bitWidth, by: 8) {
      append(UInt8(truncatingIfNeeded: number >> Number(shift)))
    }
  }

  /// A text longer than its length field can say loses its end.
  mutating func appendRecordedText(_ text: [UInt8]) {
    let kept = text.prefix(Int(UInt16.max))
    appendRecorded(UInt16(kept.count))
    append(contentsOf: kept)
  }

  mutating func appendRecordedText(_ text: String) {
    appendRecordedText(Array(text.utf8))
  }
}

extension FolderEntry {
  init?(_ cursor: inout RecordingCursor) {
    guard let inode = cursor.number(UInt64.self), let isFolder = cursor.number(UInt8.self),
      let name = cursor.string()
    else { return nil }
    self.init(name: name, inode: inode, isFolder: isFolder != 0)
  }
}

extension FileIdentity {
  init?(_ cursor: inout RecordingCursor) {
    guard let device = cursor.number(UInt64.self), let inode = cursor.number(UInt64.self),
      let size = cursor.number(Int64.self)
    else { return nil }
    self.init(device: device, inode: inode, size: size)
  }
}
