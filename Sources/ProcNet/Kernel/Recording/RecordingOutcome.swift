/// How an answer in a recording ended.
enum RecordingOutcome: Equatable {
  case complete
  case failed(KernelError)
  /// Whoever asked stopped reading: what was kept is only a part.
  case givenUp

  /// The outcome of a question that was asked through a kernel and failed.
  init(failure: KernelError) {
    let isGivenUp = failure.cause == .notRecorded || failure.cause == .enough
    self = isGivenUp ? .givenUp : .failed(failure)
  }

  /// The body of an outcome frame after the answer's number.
  var body: [UInt8] {
    guard case .failed(let error) = self else { return [self == .complete ? 0 : 4] }
    var body: [UInt8] = []
    switch error.cause {
    case .system(let number):
      body.append(1)
      body.appendRecorded(number)
    case .malformed(let what):
      body.append(2)
      body.appendRecordedText(what)
    case .interrupted: body.append(3)
    case .notRecorded, .notMounted, .enough: body.append(4)
    }
    body.appendRecordedText(error.attempt)
    body.appendRecordedText(error.subject)
    return body
  }

  /// nil when the body is too short for its code.
  init?(_ cursor: inout RecordingCursor) {
    guard let code = cursor.number(UInt8.self) else { return nil }
    let cause: KernelError.Cause?
    switch code {
    case 0:
      self = .complete
      return
    case 1: cause = cursor.number(Int32.self).map { .system($0) }
    case 2: cause = cursor.string().map { .malformed($0) }
    case 3: cause = .interrupted
    default:
      self = .givenUp
      return
    }
    guard let cause, let attempt = cursor.string(), let subject = cursor.string() else {
      return nil
    }
    self = .failed(KernelError(attempt, subject, cause))
  }
}
