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
