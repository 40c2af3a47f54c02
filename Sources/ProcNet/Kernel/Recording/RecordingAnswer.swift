/// One answer while it is being recorded.
///
/// Folder entries and descriptors are collected and written many to a frame; a single thread
/// uses an answer, so it needs no lock of its own.
final class RecordingAnswer {
  private let writer: RecordingWriter
  private let number: UInt64
  private var collected: [UInt8] = []
  /// A failure to write that could not be thrown where it happened.
  private var failure: KernelError?
  /// What became of the answer when whoever asked refused to go on; nil when nobody did.
  private(set) var refusal: RecordingOutcome?

  init(_ key: RecordingKey, _ writer: RecordingWriter) throws(KernelError) {
    self.writer = writer
    number = try writer.begin(key)
  }

  /// Calls whoever asked and remembers if that failed: such an error is not the kernel's.
  ///
  /// A receiver that dislikes an answer which is whole will dislike it again when it is replayed,
  /// so the answer counts; one that changed while it was given may be asked for once more.
  func passOn<Result>(
    whole isWhole: Bool = false, _ receiver: () throws(KernelError) -> Result
  ) throws(KernelError) -> Result {
    do throws(KernelError) {
      return try receiver()
    } catch {
      refusal = isWhole && error.cause != .interrupted ? .complete : .givenUp
      throw error
    }
  }

  /// Keeps bytes of which only the sequence matters.
  func keepInParts(_ bytes: Span<UInt8>) throws(KernelError) {
    var start = 0
    while start < bytes.count {
      let end = min(start + RecordingFormat.longestPiece, bytes.count)
      try writer.piece(of: number, bytes.extracting(start..<end))
      start = end
    }
  }

  /// Keeps a datagram, whose ends matter.
  func keep(datagram: Span<UInt8>) throws(KernelError) {
    guard datagram.count <= RecordingFormat.longestFrame - 64 else {
      throw KernelError(
        "record", "a netlink answer", .malformed("a datagram of \(datagram.count) bytes"))
    }
    try writer.piece(of: number, datagram)
  }

  func keep(_ entry: FolderEntry) throws(KernelError) {
    collected.appendRecorded(entry.inode)
    collected.append(entry.isFolder ? 1 : 0)
    collected.appendRecordedText(entry.name)
    try writeCollected(above: RecordingFormat.longestPiece)
  }

  func keep(_ identity: FileIdentity) throws(KernelError) {
    collected.appendRecorded(identity.device)
    collected.appendRecorded(identity.inode)
    collected.appendRecorded(identity.size)
  }

  func keep(descriptor: Int32, _ link: Span<UInt8>) {
    collected.appendRecorded(descriptor)
    collected.appendRecordedText(link.copied())
    do throws(KernelError) {
      try writeCollected(above: RecordingFormat.longestPiece)
    } catch {
      failure = failure ?? error
    }
  }

  func end(_ outcome: RecordingOutcome) throws(KernelError) {
    if let failure { throw failure }
    try writeCollected(above: 0)
    try writer.end(number, outcome)
  }

  private func writeCollected(above limit: Int) throws(KernelError) {
    guard collected.count > limit else { return }
    let bytes = collected
    collected = []
    try writer.piece(of: number, bytes.span)
  }
}
