import Synchronization

/// An open recording to read from, at any place and from any thread. Places in a packed one are
/// those that its contents would have if they were not packed.
final class RecordingSource: Sendable {
  let path: String
  let size: Int
  private let file: RecordingFile
  /// Of a packed recording.
  private let blocks: RecordingBlocks?

  /// Bytes of the file, packed or not.
  var fileSize: Int { file.size }

  /// Bytes of a frame after its body.
  var checksumLength: Int { blocks == nil ? RecordingFormat.checksumLength : 0 }

  /// `-` is standard input.
  init(_ path: String) throws(KernelError) {
    file = try RecordingFile(path)
    self.path = file.path
    blocks = try RecordingBlocks(of: file)
    size = blocks?.end ?? file.size
  }

  /// Fills memory from a place on, as far as the recording goes, and answers how far that was.
  func fill(
    _ memory: UnsafeMutableRawBufferPointer, from offset: Int
  ) throws(KernelError) -> Int {
    guard let blocks else { return try unsafe file.fill(memory, from: offset) }
    var filled = 0
    if offset < blocks.start {
      let head = unsafe memory.prefix(blocks.start - offset)
      filled = try unsafe file.fill(.init(rebasing: head), from: offset)
    }
    while filled < memory.count {
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[filled...])
      let count = try unsafe blocks.fill(rest, from: offset + filled)
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  /// Checks the first line, which says what the file is and of which version; answers its length.
  func lineLength() throws(KernelError) -> Int {
    let buffer = ByteBuffer(capacity: RecordingFormat.longestLine)
    let count = try unsafe fill(buffer.memory, from: 0)
    let start = buffer.span(count).copied()
    guard start.starts(with: RecordingFormat.magic) else {
      throw refusal(ofLine: start)
    }
    guard let end = start.firstIndex(of: 10) else {
      if count < RecordingFormat.longestLine { throw end(at: count) }
      throw refusal("this is not a sockinspect recording")
    }
    try checkVersion(start[RecordingFormat.magic.count..<end])
    return end + 1
  }

  private func refusal(ofLine start: [UInt8]) -> KernelError {
    if start.isEmpty { return refusal("the file is empty, not a sockinspect recording") }
    if RecordingFormat.magic.starts(with: start) { return end(at: start.count) }
    return refusal("this is not a sockinspect recording")
  }

  private func checkVersion(_ text: ArraySlice<UInt8>) throws(KernelError) {
    let numbers = text.split(separator: 46, omittingEmptySubsequences: false).map(Self.number)
    guard numbers.count == 2, let major = numbers[0], numbers[1] != nil else {
      throw refusal("this is not a sockinspect recording")
    }
    guard RecordingFormat.majors.contains(major) else {
      throw refusal(
        "the recording has format \(major), this program reads formats 1 and 2")
    }
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> UInt32? {
    guard digits.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
    return UInt32(String(decoding: digits, as: UTF8.self))
  }

  func refusal(_ what: String) -> KernelError { file.refusal(what) }

  func damage(at offset: Int, _ what: String) -> KernelError { file.damage(at: offset, what) }

  func end(at offset: Int) -> KernelError { file.end(at: offset) }
}

/// The open file of a recording.
private final class RecordingFile: Sendable {
  let size: Int
  /// As errors name it.
  let path: String
  private let descriptor: Descriptor

  init(_ path: String) throws(KernelError) {
    if path == "-" {
      self.path = "standard input"
      descriptor = try Descriptor.standardInput(called: self.path) {
        (start) throws(KernelError) in
        let magic = RecordingFormat.magic
        guard start.indices.allSatisfy({ $0 >= magic.count || start[$0] == magic[$0] }) else {
          throw KernelError(
            "read", "standard input", .malformed("this is not a sockinspect recording"))
        }
      }
    } else {
      self.path = path
      descriptor = try Descriptor.openPlainFile(
        path, else: "a recording has to be a plain file")
    }
    size = try descriptor.size(of: self.path)
  }

  /// Fills memory from a place on, as far as the file goes, and answers how far that was.
  func fill(
    _ memory: UnsafeMutableRawBufferPointer, from offset: Int
  ) throws(KernelError) -> Int {
    try unsafe descriptor.fill(memory, from: offset, of: path)
  }

  func refusal(_ what: String) -> KernelError { KernelError("read", path, .malformed(what)) }

  func damage(at offset: Int, _ what: String) -> KernelError {
    refusal("the recording is damaged at byte \(offset): \(what)")
  }

  func end(at offset: Int) -> KernelError {
    refusal("the recording ends at byte \(offset) before its end frame: it was cut off")
  }
}

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

/// The blocks of a packed recording. Those read last stay unpacked, so that memory does not grow
/// with the recording.
final class RecordingBlocks: Sendable {
  /// Where the contents begin, behind the line, and where they end.
  let start: Int
  let end: Int
  private let file: RecordingFile
  private let blocks: [Block]
  private let recent = Mutex<[Unpacked]>([])

  private static let mostUnpacked = 8
  /// What a packed recording may become in all: so many bytes, or so many times its size. Hosts on
  /// which nothing happens become 60 times smaller.
  static let mostContents = 128 << 20
  private static let mostGrowth = 100

  /// Steps of unpacking that a recording may take in all: so many, and so many more for each packed
  /// byte. Ours take about one for a byte; made up ones that take a hundred would cost seconds.
  private static let freeSteps = 16 << 20
  static let mostSteps = 8

  private struct Block {
    /// Its packed bytes in the file.
    var place: Range<Int>
    var checksum: UInt32
    /// Its bytes in the contents.
    var contents: Range<Int>
  }

  private struct Unpacked {
    var number: Int
    var bytes: [UInt8]
  }

  /// nil when the recording is not packed.
  fileprivate init?(of file: RecordingFile) throws(KernelError) {
    let line = ByteBuffer(capacity: RecordingFormat.longestLine)
    let bytes = line.span(try unsafe file.fill(line.memory, from: 0)).copied()
    guard bytes.starts(with: RecordingFormat.packedMagic), let end = bytes.firstIndex(of: 10)
    else { return nil }
    self.file = file
    start = end + 1
    blocks = try Self.table(file, from: end + 1)
    self.end = blocks.last?.contents.upperBound ?? end + 1
  }

  private static func table(
    _ file: RecordingFile, from start: Int
  ) throws(KernelError) -> [Block] {
    var blocks: [Block] = []
    var (place, contents) = (start, start)
    let most = max(mostContents, file.size *| mostGrowth)
    let head = ByteBuffer(capacity: RecordingFormat.blockHeadLength)
    while place < file.size {
      guard try unsafe file.fill(head.memory, from: place) == head.capacity else {
        throw file.end(at: file.size)
      }
      let numbers = head.span(head.capacity)
      let count = Int(numbers.number32(at: 0))
      let packed = Int(numbers.number32(at: 4))
      guard count >= 1, count <= RecordingPacking.longestBlock else {
        throw file.damage(at: place, "a block claims \(count) bytes")
      }
      guard packed <= file.size - place - head.capacity else { throw file.end(at: file.size) }
      guard contents + count - start <= most else {
        throw file.refusal(
          "the recording claims to be \(most >> 20) MiB and more; that is no recording of ours")
      }
      let first = place + head.capacity
      blocks.append(
        Block(
          place: first..<first + packed, checksum: numbers.number32(at: 8),
          contents: contents..<contents + count))
      (place, contents) = (first + packed, contents + count)
    }
    return blocks
  }

  /// Fills memory from a place in the contents on, to the end of a block at most.
  func fill(
    _ memory: UnsafeMutableRawBufferPointer, from offset: Int
  ) throws(KernelError) -> Int {
    guard let number = number(at: offset) else { return 0 }
    let first = offset - blocks[number].contents.lowerBound
    return try recent.withLock { recent throws(KernelError) in
      if recent.first?.number != number { try bringForward(number, &recent) }
      guard let bytes = recent.first?.bytes else { return 0 }
      let count = min(memory.count, bytes.count - first)
      unsafe bytes.withUnsafeBytes { unpacked in
        unsafe memory.copyMemory(from: .init(rebasing: unpacked[first..<first + count]))
      }
      return count
    }
  }

  /// The block that holds a place, by halving; nil behind the last.
  private func number(at offset: Int) -> Int? {
    var range = blocks.indices
    while !range.isEmpty {
      let middle = (range.lowerBound + range.upperBound) / 2
      if blocks[middle].contents.contains(offset) { return middle }
      range =
        offset < blocks[middle].contents.lowerBound
        ? range.lowerBound..<middle : middle + 1..<range.upperBound
    }
    return nil
  }

  private func bringForward(_ number: Int, _ recent: inout [Unpacked]) throws(KernelError) {
    if let known = recent.firstIndex(where: { $0.number == number }) {
      recent.insert(recent.remove(at: known), at: 0)
      return
    }
    if recent.count == Self.mostUnpacked { recent.removeLast() }
    recent.insert(Unpacked(number: number, bytes: try unpacked(number)), at: 0)
  }

  private func unpacked(_ number: Int) throws(KernelError) -> [UInt8] {
    let block = blocks[number]
    let packed = ByteBuffer(capacity: block.place.count)
    let count = try unsafe file.fill(packed.memory, from: block.place.lowerBound)
    guard count == block.place.count else { throw file.end(at: block.place.lowerBound + count) }
    var checksum = RecordingChecksum()
    checksum.add(packed.span(count))
    guard checksum.value == block.checksum else {
      throw file.damage(at: block.place.lowerBound, "a block does not match its checksum")
    }
    let length = block.contents.count
    let steps = count * Self.mostSteps + Self.freeSteps * length / (end - start)
    guard
      let bytes = RecordingPacking.unpacked(packed.span(count), count: length, mostSteps: steps)
    else { throw file.damage(at: block.place.lowerBound, "a block cannot be unpacked") }
    return bytes
  }
}
