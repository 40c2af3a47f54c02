/// Text in the making: one growing buffer that is filled, written out and filled again.
///
/// A listing of 200,000 rows makes no String and no allocation per field. Every append first makes
/// room, so no write leaves the buffer.
@safe public struct ByteWriter: ~Copyable {
  @usableFromInline var memory: UnsafeMutablePointer<UInt8>
  @usableFromInline var capacity: Int
  /// Bytes in the buffer.
  public private(set) var count = 0

  /// An empty buffer with room for so many bytes, at least 64.
  public init(capacity: Int = 128 * 1024) {
    self.capacity = max(capacity, 64)
    unsafe memory = .allocate(capacity: self.capacity)
  }

  deinit { unsafe memory.deallocate() }

  /// What has been appended so far.
  public var span: Span<UInt8> {
    @_lifetime(borrow self)
    get {
      let span = unsafe Span<UInt8>(_unsafeStart: memory, count: count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// Forgets everything and keeps the memory.
  public mutating func clear() { count = 0 }

  /// Forgets everything after a place.
  public mutating func truncate(to place: Int) {
    if place >= 0, place < count { count = place }
  }

  /// Takes back bytes of one kind at the end.
  public mutating func dropTrailing(_ byte: UInt8) {
    while count > 0, unsafe memory[count - 1] == byte { count -= 1 }
  }

  /// Makes room for more bytes.
  @inline(__always)
  private mutating func reserve(_ more: Int) {
    if capacity - count < more { grow(more) }
  }

  @inline(never)
  private mutating func grow(_ more: Int) {
    let larger = max(capacity * 2, count + more)
    let fresh = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    unsafe fresh.update(from: memory, count: count)
    unsafe memory.deallocate()
    unsafe memory = fresh
    capacity = larger
  }

  /// One byte.
  public mutating func append(_ byte: UInt8) {
    reserve(1)
    unsafe memory[count] = byte
    count += 1
  }

  /// Text that is part of the program, without a copy on the way.
  public mutating func append(_ text: StaticString) {
    let length = text.utf8CodeUnitCount
    reserve(length)
    unsafe (memory + count).update(from: text.utf8Start, count: length)
    count += length
  }

  /// Text, as UTF-8.
  public mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { unsafe append($0) }
  }

  /// Bytes as they are: nothing is escaped.
  public mutating func append(_ bytes: [UInt8]) {
    unsafe bytes.withUnsafeBufferPointer { unsafe append($0) }
  }

  /// Copies at once; the buffer is not ours, so it cannot overlap.
  private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let start = bytes.baseAddress else { return }
    reserve(bytes.count)
    unsafe (memory + count).update(from: start, count: bytes.count)
    count += bytes.count
  }

  /// Bytes as they are, without an array.
  public mutating func append(_ bytes: borrowing Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { unsafe append($0) }
  }

  /// The same byte many times; none for a number below 1.
  public mutating func append(_ byte: UInt8, times: Int) {
    guard times > 0 else { return }
    reserve(times)
    unsafe (memory + count).update(repeating: byte, count: times)
    count += times
  }

  /// A number in decimal.
  public mutating func append(decimal number: UInt64) { append(digitsOf: number) }

  /// The same in 32 bits, where division is several times faster; nearly all numbers fit.
  public mutating func append(decimal number: UInt32) {
    // Every second number of a listing is a queue's 0 or a part of 127.0.0.1.
    if number < 10 {
      append(48 + UInt8(truncatingIfNeeded: number))
    } else {
      append(digitsOf: number)
    }
  }

  @inline(__always)
  private mutating func append<Number: FixedWidthInteger & UnsignedInteger>(
    digitsOf number: Number
  ) {
    let digits = Self.digits(of: UInt64(number))
    reserve(digits)
    var rest = number
    var place = count + digits
    repeat {
      place -= 1
      unsafe memory[place] = 48 + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0
    count += digits
  }

  /// A number in decimal with its sign.
  public mutating func append(decimal number: Int) {
    if number < 0 { append(UInt8(ascii: "-")) }
    append(decimal: UInt64(number.magnitude))
  }

  /// A counter of the kernel's, which may be signed or not.
  public mutating func append(decimal number: Int128) {
    if number < 0 { append(UInt8(ascii: "-")) }
    append(decimal: UInt64(clamping: number.magnitude))
  }

  @inline(__always)
  private static func digits(of number: UInt64) -> Int {
    if number < 10 { return 1 }
    if number < 100 { return 2 }
    if number < 1000 { return 3 }
    if number < 100_000 { return number < 10_000 ? 4 : 5 }
    var digits = 5
    var rest = number / 100_000
    while rest > 0 {
      digits += 1
      rest /= 10
    }
    return digits
  }

  /// A number in hexadecimal, lower case, without leading zeros unless a width asks for them.
  public mutating func append(hexadecimal number: UInt64, width: Int = 1) {
    let significant = (64 - number.leadingZeroBitCount + 3) / 4
    for place in (0..<max(significant, width, 1)).reversed() {
      let digit = UInt8(truncatingIfNeeded: number >> UInt64(place * 4)) & 15
      append(digit < 10 ? 48 + digit : 87 + digit)
    }
  }

  /// The whole buffer as text; for small pieces off the hot path.
  public var text: String {
    let bytes = span
    var copy: [UInt8] = []
    copy.reserveCapacity(bytes.count)
    for index in bytes.indices { copy.append(bytes[index]) }
    return String(decoding: copy, as: UTF8.self)
  }
}
