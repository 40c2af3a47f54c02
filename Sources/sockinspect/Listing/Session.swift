import ProcNet

/// Where a command reads from: this host, another `/proc`, or a recording; and when that was.
struct Session {
  let kernel: any Kernel
  /// Milliseconds since 1970: now, or when the recording was made.
  let time: UInt64
  /// The recording that is read; nil on a live host.
  let recording: RecordingHeader?
  private let hasOtherProc: Bool

  init(_ common: CommonArguments) throws(KernelError) {
    hasOtherProc = common.procRoot != nil
    if let path = common.recording {
      let recorded = try RecordedKernel(path: path)
      kernel = recorded
      recording = recorded.header
      time = recorded.header.time
      return
    }
    let live = common.procRoot.map { LiveKernel(procRoot: $0) } ?? LiveKernel()
    // A folder that is no /proc would read as a host without sockets.
    if hasOtherProc { _ = try live.identity(of: "/proc/net") }
    kernel = live
    recording = nil
    time = Ourselves.now
  }

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

  /// Another `/proc` says nothing of that host's sock_diag, so its tables are read.
  func source(_ choice: SourceChoice) -> any SocketSource {
    switch choice {
    case .diag: DiagSource()
    case .proc: ProcSource()
    case .auto: hasOtherProc ? ProcSource() : DiagSource(fallback: ProcSource())
    }
  }

  /// The network namespaces that `--netns` means.
  func places(_ choice: String?, gaps: inout [Gap]) throws(KernelError) -> [NamespacePlace] {
    try NamespaceFinder(through: kernel)
      .places(for: NamespaceChoice(choice ?? "self"), gaps: &gaps)
  }
}
