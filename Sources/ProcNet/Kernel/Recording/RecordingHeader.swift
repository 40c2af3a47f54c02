/// Where and when a recording was made.
public struct RecordingHeader: Sendable, Hashable {
  /// Milliseconds since 1970 when the recording began.
  public var time: UInt64
  /// The host's name; any bytes, since it comes from a file.
  public var host: [UInt8]
  /// `uname -r` of the host.
  public var kernelRelease: [UInt8]
  /// Version of the program that recorded.
  public var program: String
  /// The host's architecture (since format 1.1); before that what its kernel's release tells.
  public var architecture: Architecture?
  /// Effective user id of the program that recorded (since format 1.2).
  public var user: UInt32?
  /// The diagnosis that was recorded; nil when it was the whole host (since format 1.2).
  public var diagnosis: RecordedDiagnosis?

  public init(
    time: UInt64, host: [UInt8], kernelRelease: [UInt8], program: String,
    architecture: Architecture? = nil
  ) {
    self.time = time
    self.host = host
    self.kernelRelease = kernelRelease
    self.program = program
    self.architecture = architecture
  }

  /// The header of a recording that begins now, of the host behind a kernel. What cannot be
  /// read stays empty.
  public static func now(through kernel: any Kernel, program: String) -> RecordingHeader {
    var header = RecordingHeader(
      time: CurrentProcess.now, host: line("/proc/sys/kernel/hostname", kernel),
      kernelRelease: line("/proc/sys/kernel/osrelease", kernel), program: program,
      architecture: kernel.architecture)
    header.user = CurrentProcess.user
    return header
  }

  private static func line(_ path: String, _ kernel: any Kernel) -> [UInt8] {
    let text = (try? kernel.contents(of: path)) ?? []
    return Array(text.prefix { $0 != 10 })
  }

  var body: [UInt8] {
    var body: [UInt8] = []
    body.appendRecorded(time)
    body.appendRecordedText(host)
    body.appendRecordedText(kernelRelease)
    body.appendRecordedText(program)
    body.appendRecordedText(architecture?.rawValue ?? "")
    guard let user else { return body }
    body.appendRecorded(user)
    body.append(diagnosis == nil ? 0 : 1)
    diagnosis?.append(to: &body)
    return body
  }

  init?(body: Span<UInt8>) {
    var cursor = RecordingCursor(body)
    guard let time = cursor.number(UInt64.self), let host = cursor.copiedText(),
      let kernelRelease = cursor.copiedText(), let program = cursor.string()
    else { return nil }
    let machine = cursor.copiedText() ?? []
    self.init(
      time: time, host: host, kernelRelease: kernelRelease, program: program,
      architecture: Architecture(machine: machine) ?? Architecture(kernelRelease: kernelRelease))
    user = cursor.number(UInt32.self)
    if cursor.number(UInt8.self) == 1 { diagnosis = RecordedDiagnosis(&cursor) }
  }
}

/// How the diagnosis was asked for that a recording holds.
public struct RecordedDiagnosis: Sendable, Hashable {
  /// Milliseconds between two samples.
  public var interval: UInt32
  /// The command line behind `diagnose`, word by word.
  public var words: [[UInt8]]

  public init(interval: UInt32, words: [[UInt8]]) {
    self.interval = interval
    self.words = words
  }

  /// nil when the header ends early.
  init?(_ cursor: inout RecordingCursor) {
    guard let interval = cursor.number(UInt32.self), let count = cursor.number(UInt16.self) else {
      return nil
    }
    self.init(interval: interval, words: [])
    for _ in 0..<count {
      guard let word = cursor.copiedText() else { return nil }
      words.append(word)
    }
  }

  func append(to body: inout [UInt8]) {
    let kept = words.prefix(Int(UInt16.max))
    body.appendRecorded(interval)
    body.appendRecorded(UInt16(kept.count))
    for word in kept { body.appendRecordedText(word) }
  }
}
