import ProcNet

/// Where a command reads from: this host, another `/proc`, or a recording; and when that was.
struct Session {
  static let version = "0.2.0"
  /// How the program names itself, in recordings and, with its commit behind, with `--version`.
  static let program = "sockinspect \(version)"

  private(set) var kernel: any Kernel
  /// Milliseconds since 1970: now, or when the recording was made.
  let time: UInt64
  /// The recording that is read; nil on a live host.
  let recording: RecordingHeader?
  /// The sample of a recording that comes before the one that is read, to compare the two.
  private(set) var earlier: RecordedKernel?
  /// What is read is kept there.
  private var writer: RecordingWriter?

  /// - Parameters:
  ///   - comparing: Two moments are needed; of a recording its first and its last, or the sample
  ///     that was asked for and the one before.
  ///   - isDiagnosis: A diagnosis that was recorded is done again.
  init(
    _ common: CommonArguments, comparing: Bool = false, isDiagnosis: Bool = false
  ) throws {
    if let path = common.recording {
      let opened = try RecordedKernel(path: path)
      let first = isDiagnosis ? opened.repeatingDiagnosis() ?? opened : opened
      let shown: RecordedKernel
      if let number = common.sample {
        shown = try Self.sample(number, of: first, path)
        let isCompared = comparing || (isDiagnosis && number > 1)
        earlier = isCompared ? try Self.sample(number, before: 1, of: first, path) : nil
      } else {
        shown = comparing ? try Self.later(than: first, path) : first
        earlier = comparing ? first : nil
      }
      kernel = shown
      recording = first.header
      time = shown.time
      return
    }
    if common.sample != nil {
      throw UsageError("--sample chooses a sample of a recording: give --from FILE with it")
    }
    let live = try LiveKernel.host(procRoot: common.procRoot)
    if let folder = common.procRoot, Self.needsFirstProcess(common.namespace) {
      try Self.check(live, folder)
    }
    kernel = live
    recording = nil
    time = CurrentProcess.now
  }

  /// Other choices name a process or a file; whether those can be read shows then.
  static func needsFirstProcess(_ namespace: String?) -> Bool {
    switch NamespaceChoice(namespace ?? "self") {
    case .own, .all: true
    case .process, .named, .path: false
    }
  }

  /// A folder that is no /proc, or hides its processes, would read as a host without sockets.
  static func check(_ live: LiveKernel, _ folder: String) throws(KernelError) {
    do throws(KernelError) {
      _ = try live.identity(of: "/proc/net/dev")
    } catch {
      throw KernelError(
        "read", error.subject,
        .malformed("\(error.reason); the sockets of a /proc are those of its process 1"))
    }
  }

  private static func sample(
    _ number: Int, before back: Int = 0, of recorded: RecordedKernel, _ path: String
  ) throws(KernelError) -> RecordedKernel {
    let why: String
    if recorded.header.diagnosis != nil {
      why = "it is of a diagnosis, which is done again as a whole"
    } else if let sample = recorded.sample(number - back - 1) {
      return sample
    } else if back == 0 {
      why = "it holds \(recorded.samples) sample\(recorded.samples == 1 ? "" : "s")"
    } else {
      why = "no sample comes before it, to compare it with"
    }
    throw KernelError("read sample \(number) of", path, .malformed(why))
  }

  private static func later(
    than first: RecordedKernel, _ path: String
  ) throws(KernelError) -> RecordedKernel {
    if first.samples > 1, let last = first.sample(first.samples - 1) { return last }
    throw KernelError(
      "compare two moments of", path, .malformed("it holds one; record --samples 2 makes two"))
  }

  /// Keeps what is read from here on, for the same diagnosis to be done again.
  mutating func record(_ diagnosis: RecordedDiagnosis, to path: String) throws(KernelError) {
    var header = RecordingHeader.now(through: kernel, program: Self.program)
    header.time = time
    header.diagnosis = diagnosis
    let writer = try RecordingWriter(to: path, header: header, isPacked: true)
    kernel = RecordingKernel(kernel, into: writer, isDiagnosis: true)
    self.writer = writer
  }

  /// Ends the recording, if there is one. Throws what kept it from being written: then something
  /// may not have been read either.
  func finishRecording() throws(KernelError) { try writer?.finish() }

  func head(command: String) -> ReportHead {
    ReportHead(
      command: command, time: time, host: line("/proc/sys/kernel/hostname"),
      kernel: line("/proc/sys/kernel/osrelease"))
  }

  /// The first line of a small file; empty when it cannot be read.
  private func line(_ path: String) -> [UInt8] {
    guard let bytes = try? kernel.contents(of: path, limit: 4096) else { return [] }
    return Array(bytes.prefix { $0 != 0x0A })
  }

  /// sock_diag answers for the namespace of another `/proc` where it is ours, or we may enter it;
  /// otherwise its tables are read.
  func source(_ choice: SourceChoice) -> any SocketSource {
    switch choice {
    case .diag: DiagSource()
    case .proc: ProcSource()
    case .auto: DiagSource(fallback: ProcSource())
    }
  }

  /// The network namespaces that `--netns` means.
  func places(_ choice: String?, gaps: inout [Gap]) throws(KernelError) -> [NetworkNamespace] {
    try NamespaceFinder(through: kernel)
      .places(for: NamespaceChoice(choice ?? "self"), gaps: &gaps)
  }
}
