import Synchronization

/// The kernel of some host at some time: answers from a recording, and from nothing else.
///
/// What the recording does not hold fails with the cause `notRecorded`.
public struct RecordedKernel: Kernel {
  /// Where and when the recording was made.
  public let header: RecordingHeader
  private let source: RecordingSource
  private let index: RecordingIndex
  private var held: [RecordingIndex.Sample] { index.samples }
  /// Which of the samples answers.
  private var current = 0
  /// How far a diagnosis that is repeated has got; nil when none is.
  private var repetition: RecordingRepetition?

  /// Opens a recording and checks all of it; a damaged or cut off one is refused as a whole.
  public init(path: String) throws(KernelError) {
    source = try RecordingSource(path)
    index = try RecordingIndex(of: source)
    header = index.header
  }

  /// How many different questions the sample answers.
  public var answers: Int { held[current].places.count }

  /// At how many moments the host was recorded; a new `RecordedKernel` answers of the first.
  public var samples: Int { held.count }

  /// Milliseconds since 1970 when the sample began.
  public var time: UInt64 { held[current].time }

  /// The same recording at another moment, counted from 0; nil when there is none.
  ///
  /// What was recorded once (settings, users, mounts) is in every sample. What belongs to a
  /// process or a table is only in the sample in which it was asked: nobody who has ended lives
  /// on, and nothing seems to have stood still.
  public func sample(_ number: Int) -> RecordedKernel? {
    guard held.indices.contains(number) else { return nil }
    var kernel = self
    kernel.current = number
    return kernel
  }

  /// The diagnosis that was recorded, to be done again: each question is answered as it was when
  /// it was asked for the first time, the second time and so on, and a pause leads to the next
  /// sample. nil when the recording is of a whole host.
  public func repeatingDiagnosis() -> RecordedKernel? {
    guard header.diagnosis != nil else { return nil }
    var kernel = self
    kernel.repetition = RecordingRepetition()
    return kernel
  }

  private func place(of key: RecordingKey) -> Int? {
    if let place = repetition?.next(key, held) { return place }
    let sample = repetition.map { held[$0.sample] } ?? held[current]
    if let place = sample.places[key] { return place }
    if case .request(let request) = key { return sample.place(suiting: request) }
    guard header.diagnosis != nil else { return key.isOfTheMoment ? nil : held[0].places[key] }
    // A program with other rules may ask in another sample than the one that recorded.
    guard !key.isOfTheMoment || key.changesSeldom else { return nil }
    return index.anywhere[key]
  }

  /// Whether root recorded; of a recording before format 1.2, whether we are root.
  public var isRoot: Bool { header.user.map { $0 == 0 } ?? CurrentProcess.isRoot }

  /// What the clock showed when a diagnosis asked; else when the sample began.
  public var steadyTime: UInt64 {
    guard repetition != nil, let shown = try? clock() else { return time }
    return shown
  }

  private func clock() throws(KernelError) -> UInt64? {
    var time: UInt64?
    try replay(.clock, "read", "the clock") { (frames) throws(KernelError) in
      var cursor = RecordingCursor(frames.piece)
      time = cursor.number(UInt64.self)
      return .more
    }
    return time
  }

  /// Waits for nothing; a repeated diagnosis goes on to its next sample.
  public func pause(milliseconds: UInt64) { repetition?.advance(of: held.count) }

  /// Passes on the contents as they were recorded.
  public func read(
    _ path: String, _ piece: (Span<UInt8>) throws(KernelError) -> Void
  ) throws(KernelError) {
    try replay(.file(path), "read", path) { (frames) throws(KernelError) in
      try piece(frames.piece)
      return .more
    }
  }

  /// The entries in the order in which the kernel listed them.
  public func entries(of folder: String) throws(KernelError) -> [FolderEntry] {
    var found: [FolderEntry] = []
    try replay(.folder(folder), "list", folder) { (frames) throws(KernelError) in
      var cursor = RecordingCursor(frames.piece)
      while !cursor.isAtEnd {
        guard let entry = FolderEntry(&cursor) else { throw damage(frames) }
        found.append(entry)
      }
      return .more
    }
    return found
  }

  /// Where the link pointed to.
  public func link(at path: String) throws(KernelError) -> [UInt8] {
    var target: [UInt8] = []
    try replay(.link(path), "read link", path) { (frames) throws(KernelError) in
      frames.piece.append(to: &target)
      return .more
    }
    return target
  }

  /// What `stat` said.
  public func identity(of path: String) throws(KernelError) -> FileIdentity {
    var found: FileIdentity?
    try replay(.identity(path), "look at", path) { (frames) throws(KernelError) in
      var cursor = RecordingCursor(frames.piece)
      found = FileIdentity(&cursor)
      return .more
    }
    guard let found else {
      throw source.refusal("the recording holds no identity of \(path)")
    }
    return found
  }

  /// The descriptors that the process had.
  public func walkDescriptors(
    ofProcess process: Int32, _ visit: (Int32, Span<UInt8>) -> Void
  ) throws(KernelError) {
    let folder = "/proc/\(process)/fd"
    try replay(.descriptors(process), "list", folder) { (frames) throws(KernelError) in
      var cursor = RecordingCursor(frames.piece)
      while !cursor.isAtEnd {
        guard let number = cursor.number(Int32.self), let link = cursor.text() else {
          throw damage(frames)
        }
        visit(number, cursor.slice(link))
      }
      return .more
    }
  }

  /// Those that were recorded; none in a recording that says nothing of them.
  public func threadsWithOwnDescriptors(
    ofProcess process: Int32
  ) throws(KernelError) -> [Int32] {
    var threads: [Int32] = []
    do throws(KernelError) {
      try replay(.threadTables(process), "list", "the threads of \(process)") {
        (frames) throws(KernelError) in
        var cursor = RecordingCursor(frames.piece)
        while !cursor.isAtEnd {
          guard let entry = FolderEntry(&cursor) else { throw damage(frames) }
          if let number = Int32(procDigits: entry.name.utf8) { threads.append(number) }
        }
        return .more
      }
    } catch {
      guard error.isNotRecorded else { throw error }
    }
    return threads
  }

  /// What the memory held; only the very pieces that were asked for are there.
  public func readMemory(
    ofProcess process: Int32, at address: UInt64, count: Int
  ) throws(KernelError) -> [UInt8] {
    let key = RecordingKey.memory(
      process: process, address: address, count: UInt32(clamping: count))
    var bytes: [UInt8] = []
    try replay(key, "read the memory of process", "\(process)") {
      (frames) throws(KernelError) in
      frames.piece.append(to: &bytes)
      return .more
    }
    return bytes
  }

  /// The setting as it was seen in that namespace.
  public func setting(
    _ path: String, inNamespaceAt namespacePath: String
  ) throws(KernelError) -> [UInt8] {
    var text: [UInt8] = []
    try replay(.setting(path, namespacePath), "read", "\(path) in \(namespacePath)") {
      (frames) throws(KernelError) in
      frames.piece.append(to: &text)
      return .more
    }
    return text
  }

  /// The recorded host's; nil when neither header nor release tell.
  public var architecture: Architecture? { header.architecture }

  /// Passes on the recorded datagrams with the sequence number of this request.
  public func ask(
    _ request: NetlinkRequest, _ datagram: (Span<UInt8>) throws(KernelError) -> AnswerProgress
  ) throws(KernelError) {
    guard let key = RecordingNetlinkKey(request), let whole = RecordingRequestKey(request) else {
      throw KernelError("ask for", "a netlink answer", .malformed("the request is too short"))
    }
    let sequence = request.message.span.number32(at: 8)
    let question: RecordingKey = header.diagnosis == nil ? .netlink(key) : .request(whole)
    let progress = try replay(question, "ask for", key.subject) {
      (frames) throws(KernelError) in
      Self.write(sequence, into: frames)
      return try datagram(frames.piece)
    }
    if case .more = progress {
      throw source.refusal("the recorded answer to \(key.subject) has no end")
    }
  }

  /// Gives a netlink answer the sequence number of the request that it now answers, in each
  /// `nlmsghdr` of the datagram; stops at a length that lies.
  private static func write(_ sequence: UInt32, into frames: borrowing RecordingFrames) {
    let memory = unsafe frames.bodyMemory
    var start = 8
    while memory.count - start >= 16 {
      let length = unsafe Int(memory.loadUnaligned(fromByteOffset: start, as: UInt32.self))
      guard length >= 16, length <= memory.count - start else { return }
      unsafe memory.storeBytes(of: sequence.littleEndian, toByteOffset: start + 8, as: UInt32.self)
      start += (length + 3) & ~3
    }
  }

  /// Passes on the pieces of an answer; `.more` when all have been passed on.
  @discardableResult
  private func replay(
    _ key: RecordingKey, _ attempt: String, _ subject: String,
    _ piece: (borrowing RecordingFrames) throws(KernelError) -> AnswerProgress
  ) throws(KernelError) -> AnswerProgress {
    guard let place = place(of: key) else { throw KernelError(attempt, subject, .notRecorded) }
    var frames = RecordingFrames(source, from: place, bufferSize: 8 * 1024)
    for run in index.scattered[place] ?? [place..<source.size] {
      frames.move(to: run.lowerBound)
      while frames.next < run.upperBound {
        try frames.advance()
        switch RecordingFormat.Kind(rawValue: frames.kind) {
        case .piece: if case .complete = try piece(frames) { return .complete }
        case .outcome: return try end(frames, KernelError(attempt, subject, .notRecorded))
        default: continue
        }
      }
    }
    throw damage(frames)
  }

  private func end(
    _ frames: borrowing RecordingFrames, _ missing: KernelError
  ) throws(KernelError) -> AnswerProgress {
    var cursor = RecordingCursor(frames.piece)
    switch RecordingOutcome(&cursor) {
    case .complete: return .more
    case .failed(let error): throw error
    // The diagnosis that was recorded read no further.
    case .givenUp where repetition != nil: throw missing
    case .givenUp, nil: throw damage(frames)
    }
  }

  private func damage(_ frames: borrowing RecordingFrames) -> KernelError {
    source.damage(at: frames.start, "an answer is not of its kind")
  }
}

/// How far a recorded diagnosis that is repeated has got.
private final class RecordingRepetition: Sendable {
  private let state = Mutex(State())

  private struct State {
    var sample = 0
    /// How often each question was asked in this sample.
    var asked: [RecordingKey: Int] = [:]
  }

  /// Which sample answers.
  var sample: Int { state.withLock { $0.sample } }

  /// The place of the next answer to a question; the last one again when there are no more, nil
  /// when the sample has none.
  func next(_ key: RecordingKey, _ samples: [RecordingIndex.Sample]) -> Int? {
    state.withLock { state in
      guard let sequence = samples[state.sample].sequences[key] else { return nil }
      let number = state.asked[key, default: 0]
      state.asked[key] = number + 1
      return sequence[min(number, sequence.count - 1)]
    }
  }

  /// Goes on to the next sample, if there is one.
  func advance(of count: Int) {
    state.withLock { state in
      guard state.sample + 1 < count else { return }
      state = State(sample: state.sample + 1)
    }
  }
}
