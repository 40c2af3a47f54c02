/// A kernel that asks another one and keeps every answer, also the failures.
///
/// An answer that cannot be written to the recording fails with the error of the writing.
public struct RecordingKernel: Kernel {
  private let kernel: any Kernel
  private let writer: RecordingWriter
  private let isDiagnosis: Bool

  /// Asks a kernel and writes what it answers, to repeat a diagnosis or to show a whole host.
  ///
  /// Of a diagnosis netlink answers belong to their very request, and a pause begins another sample.
  /// Otherwise requests are for everything, whatever a reader will wish.
  public init(_ kernel: any Kernel, into writer: RecordingWriter, isDiagnosis: Bool = false) {
    self.kernel = kernel
    self.writer = writer
    self.isDiagnosis = isDiagnosis
  }

  /// Asks for the file and keeps its contents while they are passed on.
  public func read(
    _ path: String, _ piece: (Span<UInt8>) throws(KernelError) -> Void
  ) throws(KernelError) {
    try keep(.file(path)) { (answer) throws(KernelError) in
      try kernel.read(path) { (bytes) throws(KernelError) in
        try answer.keepInParts(bytes)
        try answer.passOn { () throws(KernelError) in try piece(bytes) }
      }
    }
  }

  /// Asks for the folder and keeps its entries.
  public func entries(of folder: String) throws(KernelError) -> [FolderEntry] {
    try keep(.folder(folder)) { (answer) throws(KernelError) in
      let entries = try kernel.entries(of: folder)
      for entry in entries { try answer.keep(entry) }
      return entries
    }
  }

  /// Asks for the link and keeps where it points to.
  public func link(at path: String) throws(KernelError) -> [UInt8] {
    try keep(.link(path)) { (answer) throws(KernelError) in
      let target = try kernel.link(at: path)
      try answer.keepInParts(target.span)
      return target
    }
  }

  /// Asks for the file's identity and keeps it.
  public func identity(of path: String) throws(KernelError) -> FileIdentity {
    try keep(.identity(path)) { (answer) throws(KernelError) in
      let identity = try kernel.identity(of: path)
      try answer.keep(identity)
      return identity
    }
  }

  /// Asks for the descriptors and keeps them while they are visited.
  public func walkDescriptors(
    ofProcess process: Int32, _ visit: (Int32, Span<UInt8>) -> Void
  ) throws(KernelError) {
    try keep(.descriptors(process)) { (answer) throws(KernelError) in
      try kernel.walkDescriptors(ofProcess: process) { number, link in
        answer.keep(descriptor: number, link)
        visit(number, link)
      }
    }
  }

  /// Only where there are any: a recording without an answer tells of a process that has none.
  public func threadsWithOwnDescriptors(
    ofProcess process: Int32
  ) throws(KernelError) -> [Int32] {
    let threads = try kernel.threadsWithOwnDescriptors(ofProcess: process)
    guard !threads.isEmpty else { return [] }
    try keep(.threadTables(process)) { (answer) throws(KernelError) in
      for thread in threads {
        try answer.keep(FolderEntry(name: "\(thread)", inode: 0, isFolder: true))
      }
    }
    return threads
  }

  /// Asks for the memory and keeps what it holds.
  public func readMemory(
    ofProcess process: Int32, at address: UInt64, count: Int
  ) throws(KernelError) -> [UInt8] {
    let length = UInt32(clamping: count)
    return try keep(.memory(process: process, address: address, count: length)) {
      (answer) throws(KernelError) in
      let bytes = try kernel.readMemory(ofProcess: process, at: address, count: Int(length))
      try answer.keepInParts(bytes.span)
      return bytes
    }
  }

  /// Asks for the setting and keeps it.
  public func setting(
    _ path: String, inNamespaceAt namespacePath: String
  ) throws(KernelError) -> [UInt8] {
    try keep(.setting(path, namespacePath)) { (answer) throws(KernelError) in
      let text = try kernel.setting(path, inNamespaceAt: namespacePath)
      try answer.keepInParts(text.span)
      return text
    }
  }

  /// That of the kernel that is asked.
  public var architecture: Architecture? { kernel.architecture }
  /// What the kernel that is asked says; the header has the user.
  public var isRoot: Bool { kernel.isRoot }

  /// The writer remembers a failure to keep it.
  public var steadyTime: UInt64 {
    let time = kernel.steadyTime
    try? keep(.clock) { (answer) throws(KernelError) in
      var bytes: [UInt8] = []
      bytes.appendRecorded(time)
      try answer.keepInParts(bytes.span)
    }
    return time
  }

  /// The writer remembers a failure to begin the sample.
  public func pause(milliseconds: UInt64) {
    kernel.pause(milliseconds: milliseconds)
    if isDiagnosis { try? writer.beginSample(at: CurrentProcess.now) }
  }

  /// Asks and keeps each datagram, without the keys of TCP-MD5.
  public func ask(
    _ request: NetlinkRequest, _ datagram: (Span<UInt8>) throws(KernelError) -> AnswerProgress
  ) throws(KernelError) {
    let known: RecordingKey? =
      isDiagnosis
      ? RecordingRequestKey(request).map { .request($0) }
      : RecordingNetlinkKey(request).map { .netlink($0) }
    guard let key = known else { return try kernel.ask(request, datagram) }
    try keep(key) { (answer) throws(KernelError) in
      try kernel.ask(request) { (bytes) throws(KernelError) in
        // Keys of TCP-MD5 stay here.
        if request.subsystem == .socketDiagnosis,
          let safe = MD5PeersAttribute.withoutKeys(bytes)
        {
          try answer.keep(datagram: safe.span)
        } else {
          try answer.keep(datagram: bytes)
        }
        return try answer.passOn(whole: DumpStatus(datagram: bytes).isOver) {
          () throws(KernelError) in try datagram(bytes)
        }
      }
    }
  }

  private func keep<Result>(
    _ key: RecordingKey, _ asking: (RecordingAnswer) throws(KernelError) -> Result
  ) throws(KernelError) -> Result {
    let answer = try RecordingAnswer(key, writer)
    do throws(KernelError) {
      let result = try asking(answer)
      try answer.end(.complete)
      return result
    } catch {
      try answer.end(answer.refusal ?? RecordingOutcome(failure: error))
      throw error
    }
  }
}

/// One answer while it is being recorded.
///
/// Folder entries and descriptors are collected and written many to a frame; a single thread
/// uses an answer, so it needs no lock of its own.
private final class RecordingAnswer {
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
