/// Reads the frames of a recording one after the other and checks each. In a packed recording the
/// blocks have checksums, and frames have none.
///
/// The memory it needs is that of the longest frame met, at most a little over 1 MiB.
struct RecordingFrames: ~Copyable {
  private let source: RecordingSource
  private var buffer: ByteBuffer
  /// The part of the file that the buffer holds.
  private var window: Range<Int> = 0..<0
  /// Where the frame begins in the file, and the frame after it.
  private(set) var start: Int
  private(set) var next: Int
  private(set) var kind: UInt8 = 0

  init(_ source: RecordingSource, from offset: Int, bufferSize: Int) {
    self.source = source
    buffer = ByteBuffer(capacity: bufferSize)
    start = offset
    next = offset
  }

  /// What the frame holds after its kind.
  var body: Span<UInt8> {
    @_lifetime(borrow self)
    get {
      let bytes = buffer.span(next - source.checksumLength - window.lowerBound)
      let first = start + RecordingFormat.headLength - window.lowerBound
      return unsafe _overrideLifetime(
        bytes.extracting(first..<bytes.count), borrowing: self)
    }
  }

  /// The same, to write into: the buffer is ours.
  var bodyMemory: UnsafeMutableRawBufferPointer {
    let first = start + RecordingFormat.headLength - window.lowerBound
    let end = next - source.checksumLength - window.lowerBound
    return unsafe UnsafeMutableRawBufferPointer(rebasing: buffer.memory[first..<end])
  }

  /// Goes on at a place; the frame there is read by `advance`.
  mutating func move(to place: Int) { next = place }

  /// Goes to the next frame.
  mutating func advance() throws(KernelError) {
    start = next
    try load(4)
    let length = Int(bytes(4).number32(at: 0))
    guard length >= 1, length <= RecordingFormat.longestFrame else {
      throw source.damage(at: start, "a frame claims \(length) bytes")
    }
    try load(4 + length + source.checksumLength)
    if source.checksumLength > 0 { try checkSum(length) }
    kind = bytes(RecordingFormat.headLength)[4]
    next = start + 4 + length + source.checksumLength
  }

  private func checkSum(_ length: Int) throws(KernelError) {
    var checksum = RecordingChecksum()
    checksum.add(bytes(4 + length))
    let recorded = bytes(4 + length + RecordingFormat.checksumLength).number32(at: 4 + length)
    guard checksum.value == recorded else {
      throw source.damage(at: start, "a frame does not match its checksum")
    }
  }

  /// The first bytes of the frame.
  @_lifetime(borrow self)
  private func bytes(_ count: Int) -> Span<UInt8> {
    let first = start - window.lowerBound
    let bytes = buffer.span(first + count)
    return unsafe _overrideLifetime(bytes.extracting(first..<first + count), borrowing: self)
  }

  /// Makes sure that so many bytes of the frame are in the buffer.
  private mutating func load(_ count: Int) throws(KernelError) {
    if start >= window.lowerBound, start + count <= window.upperBound { return }
    if count > buffer.capacity { buffer = ByteBuffer(capacity: count) }
    let filled = try unsafe source.fill(buffer.memory, from: start)
    window = start..<start + filled
    guard filled >= count else { throw source.end(at: window.upperBound) }
  }
}

/// Frames that belong to an answer begin with the answer's number.
extension RecordingFrames {
  /// nil when the body is too short to hold one.
  var answer: UInt64? {
    var cursor = RecordingCursor(body)
    return cursor.number(UInt64.self)
  }

  /// What follows the answer's number; empty when the body is too short.
  var piece: Span<UInt8> {
    @_lifetime(borrow self)
    get {
      let body = body
      return body.extracting(min(8, body.count)..<body.count)
    }
  }
}
