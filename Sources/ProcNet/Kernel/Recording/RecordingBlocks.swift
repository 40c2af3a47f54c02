import Synchronization

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
  static let mostGrowth = 100

  /// Steps of unpacking that a recording may take in all: so many, and so many more for each packed
  /// byte. Ours take about one for a byte; made up ones that take a hundred would cost seconds.
  static let freeSteps = 16 << 20
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
  init?(of file: RecordingFile) throws(KernelError) {
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
