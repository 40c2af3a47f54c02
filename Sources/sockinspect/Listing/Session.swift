import ProcNet

/// Where a command reads from: this host, another `/proc`, or a recording; and when that was.
struct Session {
  let kernel: any Kernel
  /// Milliseconds since 1970: now, or when the recording was made.
  let time: UInt64
  let isLive: Bool

  init(_ common: CommonArguments) throws(KernelError) {
    if let procRoot = common.procRoot {
      let live = LiveKernel(procRoot: procRoot)
      // A folder that is no /proc would read as a host without sockets.
      _ = try live.identity(of: "/proc/net")
      kernel = live
    } else {
      kernel = LiveKernel()
    }
    time = Ourselves.now
    isLive = true
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
  func source(_ choice: SourceChoice, procRoot: String?) -> any SocketSource {
    switch choice {
    case .diag: DiagSource()
    case .proc: ProcSource()
    case .auto: procRoot == nil ? DiagSource(fallback: ProcSource()) : ProcSource()
    }
  }
}
