/// Puts frames of a recording one after the other into its output.
struct RecordingFrameWriter: ~Copyable, Sendable {
  private var output: AtomicFile
  private var count: UInt64 = 0
  private let isPacked: Bool
  /// Frames that wait for their block to be full.
  private var block: [UInt8] = []

  init(to path: String, isPacked: Bool) throws(KernelError) {
    var output = try AtomicFile(at: path)
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
