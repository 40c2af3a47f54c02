import ProcNet

/// The running host as if it had only one process, so that recording it is quick.
struct OnlyProcess: Kernel {
  private let live = LiveKernel()
  private let process: Int32

  init(_ process: Int32) { self.process = process }

  var filtersDumps: Bool { live.filtersDumps }
  var architecture: Architecture? { live.architecture }

  func read(
    _ path: String, _ piece: (Span<UInt8>) throws(KernelError) -> Void
  ) throws(KernelError) { try live.read(path, piece) }

  func entries(of folder: String) throws(KernelError) -> [FolderEntry] {
    let entries = try live.entries(of: folder)
    return folder == "/proc" ? entries.filter { $0.name == "\(process)" } : entries
  }

  func link(at path: String) throws(KernelError) -> [UInt8] { try live.link(at: path) }

  func identity(of path: String) throws(KernelError) -> FileIdentity {
    try live.identity(of: path)
  }

  func walkDescriptors(
    ofProcess process: Int32, _ visit: (Int32, Span<UInt8>) -> Void
  ) throws(KernelError) { try live.walkDescriptors(ofProcess: process, visit) }

  func readMemory(
    ofProcess process: Int32, at address: UInt64, count: Int
  ) throws(KernelError) -> [UInt8] {
    try live.readMemory(ofProcess: process, at: address, count: count)
  }

  func ask(
    _ request: NetlinkRequest, _ datagram: (Span<UInt8>) throws(KernelError) -> AnswerProgress
  ) throws(KernelError) { try live.ask(request, datagram) }
}
