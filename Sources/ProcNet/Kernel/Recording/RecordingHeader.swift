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
    RecordingHeader(
      time: Ourselves.now, host: line("/proc/sys/kernel/hostname", kernel),
      kernelRelease: line("/proc/sys/kernel/osrelease", kernel), program: program,
      architecture: kernel.architecture)
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
  }
}
