/// Puts frames of a recording one after the other into its output.
struct RecordingFrameWriter: ~Copyable, Sendable {
  private var output: CompleteFile
  private var count: UInt64 = 0

  init(to path: String) throws(KernelError) {
    var output = try CompleteFile(at: path)
    try output.write(RecordingFormat.line.span)
    self.output = output
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
    var checksum = RecordingChecksum()
    checksum.add(start.span)
    checksum.add(rest)
    var end: [UInt8] = []
    end.appendRecorded(checksum.value)
    try output.write(start.span)
    try output.write(rest)
    try output.write(end.span)
    count += 1
  }

  /// Writes the end frame and gives the file its name.
  mutating func finish() throws(KernelError) {
    var body: [UInt8] = []
    body.appendRecorded(count)
    try write(.end, body.span)
    try output.commit()
  }
}
