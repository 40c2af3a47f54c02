import Synchronization

/// Writes a recording, frame by frame; several threads may write answers at the same time.
///
/// The first failure to write ends the recording: every later call throws the same error.
public final class RecordingWriter: Sendable {
  private let state: Mutex<State>

  private struct State: ~Copyable, Sendable {
    var frames: RecordingFrameWriter
    var answers: UInt64 = 0
    var failure: KernelError?
  }

  /// Begins a recording in a file; `-` is standard output.
  ///
  /// A packed one is some twenty times smaller, but takes 20 MiB of memory and a second of
  /// processor time for each 30 MB.
  /// One that does not replace a file that is there throws `EEXIST`, as `AtomicFile` does.
  public init(
    to path: String, header: RecordingHeader, isPacked: Bool = false, replaces: Bool = true
  ) throws(KernelError) {
    state = Mutex(
      State(
        frames: try RecordingFrameWriter(
          AtomicFile(at: path, replaces: replaces), isPacked: isPacked)))
    try write { (state: inout State) throws(KernelError) in
      try state.frames.write(.header, header.body.span)
    }
  }

  /// Why the recording could not be written; nil as long as it could.
  public var failure: KernelError? { state.withLock { $0.failure } }

  /// Bytes of the recording so far.
  public var size: Int { state.withLock { $0.frames.size } }

  /// How many questions have been recorded.
  public var answers: UInt64 { state.withLock { $0.answers } }

  /// Begins another sample: what is asked from now on was asked at this time. No answer may be
  /// open.
  func beginSample(at time: UInt64) throws(KernelError) {
    var body: [UInt8] = []
    body.appendRecorded(time)
    try write { (state: inout State) throws(KernelError) in
      try state.frames.write(.moment, body.span)
    }
  }

  /// Ends the recording and gives the file its name. Without this call there is no file.
  public func finish() throws(KernelError) {
    try write { (state: inout State) throws(KernelError) in
      try state.frames.finish()
    }
  }

  /// Opens an answer; the number goes with all that belongs to it.
  func begin(_ key: RecordingKey) throws(KernelError) -> UInt64 {
    let body = key.body
    return try write { (state: inout State) throws(KernelError) -> UInt64 in
      state.answers += 1
      try state.frames.write(.question, of: state.answers, body.span)
      return state.answers
    }
  }

  func piece(of answer: UInt64, _ bytes: Span<UInt8>) throws(KernelError) {
    try write { (state: inout State) throws(KernelError) in
      try state.frames.write(.piece, of: answer, bytes)
    }
  }

  func end(_ answer: UInt64, _ outcome: RecordingOutcome) throws(KernelError) {
    let body = outcome.body
    try write { (state: inout State) throws(KernelError) in
      try state.frames.write(.outcome, of: answer, body.span)
    }
  }

  private func write<Result>(
    _ frames: (inout State) throws(KernelError) -> Result
  ) throws(KernelError) -> Result {
    try state.withLock { state throws(KernelError) in
      if let failure = state.failure { throw failure }
      do throws(KernelError) {
        return try frames(&state)
      } catch {
        state.failure = error
        throw error
      }
    }
  }
}

/// Puts frames of a recording one after the other into its output.
private struct RecordingFrameWriter: ~Copyable, Sendable {
  private var output: AtomicFile
  private var count: UInt64 = 0
  private let isPacked: Bool
  /// Frames that wait for their block to be full.
  private var block: [UInt8] = []

  var size: Int { output.count }

  init(_ file: consuming AtomicFile, isPacked: Bool) throws(KernelError) {
    var output = file
    try output.write(RecordingFormat.line(isPacked: isPacked).span)
    self.output = output
    self.isPacked = isPacked
  }

  /// Writes a frame; the number of the answer it belongs to, if any, comes first in its body.
  mutating func write(
    _ kind: RecordingFormat.Kind, of answer: UInt64? = nil, _ rest: Span<UInt8>
  ) throws(KernelError) {
    var start: [UInt8] = []
    let numberLength = answer == nil ? 0 : 8
    start.appendRecorded(UInt32(truncatingIfNeeded: 1 + numberLength + rest.count))
    start.append(kind.rawValue)
    if let answer { start.appendRecorded(answer) }
    count += 1
    if isPacked { return try pack(start, rest) }
    var checksum = RecordingChecksum()
    checksum.add(start.span)
    checksum.add(rest)
    var end: [UInt8] = []
    end.appendRecorded(checksum.value)
    try output.write(start.span)
    try output.write(rest)
    try output.write(end.span)
  }

  private mutating func pack(_ start: [UInt8], _ rest: Span<UInt8>) throws(KernelError) {
    if block.count + start.count + rest.count > RecordingPacking.longestBlock {
      try writeBlock()
    }
    block += start
    rest.append(to: &block)
  }

  private mutating func writeBlock() throws(KernelError) {
    guard !block.isEmpty else { return }
    let packed = RecordingPacking.packed(block.span)
    var checksum = RecordingChecksum()
    checksum.add(packed.span)
    var head: [UInt8] = []
    head.appendRecorded(UInt32(block.count))
    head.appendRecorded(UInt32(packed.count))
    head.appendRecorded(checksum.value)
    block.removeAll(keepingCapacity: true)
    try output.write(head.span)
    try output.write(packed.span)
  }

  /// Writes the end frame and gives the file its name.
  mutating func finish() throws(KernelError) {
    var body: [UInt8] = []
    body.appendRecorded(count)
    try write(.end, body.span)
    try writeBlock()
    try output.commit()
  }
}

/// CRC-32 as in IEEE 802.3 (polynomial 0x04C11DB7, bits reflected), eight bytes at a time.
struct RecordingChecksum {
  private var register: UInt32 = ~0

  /// Eight tables of 256: entry `256 * k + b` is what byte `b` becomes after `k` more zero bytes.
  private static let table: [UInt32] = {
    var table = (0..<256).map { (byte: UInt32) in
      (0..<8).reduce(byte) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    for index in 256..<2048 {
      let value = table[index - 256]
      table.append(table[Int(value & 0xFF)] ^ value >> 8)
    }
    return table
  }()

  var value: UInt32 { ~register }

  /// Reads memory directly: a checked read per byte makes a build for debugging 18 times slower
  /// and one for release by a half. Each index below is a byte plus at most 1792, and the tables
  /// have 2048 entries.
  mutating func add(_ bytes: Span<UInt8>) {
    let start = register
    register = unsafe Self.table.withUnsafeBufferPointer { table in
      unsafe bytes.withUnsafeBytes { memory in
        guard let table = table.baseAddress, let first = memory.baseAddress else { return start }
        return unsafe Self.register(start, after: first, memory.count, table)
      }
    }
  }

  private static func register(
    _ start: UInt32, after bytes: UnsafeRawPointer, _ count: Int, _ table: UnsafePointer<UInt32>
  ) -> UInt32 {
    var value = start
    var index = 0
    while index < count & ~7 {
      let word = unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      value = unsafe mixed(word.littleEndian ^ UInt64(value), table)
      index &+= 8
    }
    while index < count {
      let byte = unsafe bytes.load(fromByteOffset: index, as: UInt8.self)
      value = unsafe table[Int((value ^ UInt32(byte)) & 0xFF)] ^ value &>> 8
      index &+= 1
    }
    return value
  }

  /// The register after eight bytes, the first in the lowest place.
  @inline(__always)
  private static func mixed(_ word: UInt64, _ table: UnsafePointer<UInt32>) -> UInt32 {
    let low =
      unsafe table[1792 &+ Int(word & 0xFF)] ^ table[1536 &+ Int(word &>> 8 & 0xFF)]
      ^ table[1280 &+ Int(word &>> 16 & 0xFF)] ^ table[1024 &+ Int(word &>> 24 & 0xFF)]
    let high =
      unsafe table[768 &+ Int(word &>> 32 & 0xFF)] ^ table[512 &+ Int(word &>> 40 & 0xFF)]
      ^ table[256 &+ Int(word &>> 48 & 0xFF)] ^ table[Int(word &>> 56)]
    return low ^ high
  }
}
