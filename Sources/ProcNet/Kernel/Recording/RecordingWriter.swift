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

  /// - Parameters:
  ///   - path: The file to write; `-` for standard output.
  ///   - isPacked: Some twenty times smaller, but takes 20 MiB of memory and a second of processor
  ///     time for each 30 MB.
  public init(
    to path: String, header: RecordingHeader, isPacked: Bool = false
  ) throws(KernelError) {
    state = Mutex(State(frames: try RecordingFrameWriter(to: path, isPacked: isPacked)))
    try write { (state: inout State) throws(KernelError) in
      try state.frames.write(.header, header.body.span)
    }
  }

  /// Why the recording could not be written; nil as long as it could.
  public var failure: KernelError? { state.withLock { $0.failure } }

  /// How many questions have been recorded.
  public var answers: UInt64 { state.withLock { $0.answers } }

  /// Begins another sample: what is asked from now on was asked at this time. No answer may be
  /// open.
  public func beginSample(at time: UInt64) throws(KernelError) {
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
