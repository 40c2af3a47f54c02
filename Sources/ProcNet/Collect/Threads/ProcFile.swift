/// A small file of a process or thread, read at once: what is in it, or why it is not here.
struct ProcFile {
  private(set) var text: [UInt8]?
  private(set) var isDenied = false
  /// The process or thread has ended, or the kernel has no such file.
  private(set) var isGone = false

  init(_ path: String, _ kernel: any Kernel, limit: Int = 1 << 20) {
    do throws(KernelError) {
      text = try kernel.beginning(of: path, limit: limit)
    } catch {
      isDenied = error.isDenied
      isGone = error.isGone
    }
  }
}

extension ProcMountInfo {
  /// Hosts of containers can have thousands of mounts.
  private static let longest = 1 << 24

  /// What a process sees mounted; nil when it has ended or we may not know.
  ///
  /// The kernel writes the file without asking any file system, so a mount that hangs does not hold
  /// the reader.
  public init?(of process: Int32, through kernel: any Kernel) {
    let file = ProcFile("/proc/\(process)/mountinfo", kernel, limit: Self.longest)
    guard let text = file.text, !text.isEmpty else { return nil }
    self.init(text)
  }
}
