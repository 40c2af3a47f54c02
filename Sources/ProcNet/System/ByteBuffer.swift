/// Memory of a fixed size that the kernel writes into and parsers read through a `Span`.
@safe final class ByteBuffer {
  let memory: UnsafeMutableRawBufferPointer
  let capacity: Int

  init(capacity: Int) {
    self.capacity = capacity
    let start = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
    unsafe memory = UnsafeMutableRawBufferPointer(start: start, count: capacity)
    unsafe characters = start.bindMemory(to: CChar.self, capacity: capacity)
  }

  /// The first bytes, for reading; valid until the next call that writes into the buffer.
  @_lifetime(borrow self)
  func span(_ count: Int) -> Span<UInt8> {
    let bytes = unsafe UnsafeRawBufferPointer(rebasing: memory[..<count])
    let span = unsafe Span<UInt8>(_bytes: RawSpan(_unsafeBytes: bytes))
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  /// The same memory as the C library wants it for text.
  let characters: UnsafeMutablePointer<CChar>

  deinit { unsafe memory.deallocate() }
}

/// Reading numbers out of received bytes.
///
/// Callers check once that a structure is long enough; each read here is checked again by `Span`
/// itself, and four byte reads behind one check compile to a single load. Netlink speaks the
/// host's byte order, which is little-endian on every architecture Swift has on Linux.
extension Span<UInt8> {
  @inlinable @inline(__always)
  func number16(at offset: Int) -> UInt16 {
    UInt16(self[offset]) | UInt16(self[offset + 1]) << 8
  }

  @inlinable @inline(__always)
  func number32(at offset: Int) -> UInt32 {
    UInt32(number16(at: offset)) | UInt32(number16(at: offset + 2)) << 16
  }

  @inlinable @inline(__always)
  func number64(at offset: Int) -> UInt64 {
    UInt64(number32(at: offset)) | UInt64(number32(at: offset + 4)) << 32
  }

  /// Network byte order, as ports travel.
  @inlinable @inline(__always)
  func networkNumber16(at offset: Int) -> UInt16 {
    UInt16(self[offset]) << 8 | UInt16(self[offset + 1])
  }

  /// Network byte order, as addresses travel.
  @inlinable @inline(__always)
  func networkNumber64(at offset: Int) -> UInt64 {
    number64(at: offset).byteSwapped
  }

  func copied() -> [UInt8] {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return bytes
  }

  func append(to bytes: inout [UInt8]) {
    bytes.reserveCapacity(bytes.count + count)
    for index in indices { bytes.append(self[index]) }
  }
}

/// Appends numbers in the host's byte order while a request is built.
extension [UInt8] {
  mutating func append16(_ value: UInt16) {
    append(UInt8(truncatingIfNeeded: value))
    append(UInt8(truncatingIfNeeded: value >> 8))
  }

  mutating func append32(_ value: UInt32) {
    append16(UInt16(truncatingIfNeeded: value))
    append16(UInt16(truncatingIfNeeded: value >> 16))
  }
}
