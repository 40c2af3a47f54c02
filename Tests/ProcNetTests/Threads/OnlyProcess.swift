import ProcNet
import TestSupport

/// The running host as if it had only one process, so that recording it is quick.
struct OnlyProcess: ForwardingKernel {
  let other = LiveKernel()
  private let process: Int32

  init(_ process: Int32) { self.process = process }

  func entries(of folder: String) throws(KernelError) -> [FolderEntry] {
    let entries = try other.entries(of: folder)
    return folder == "/proc" ? entries.filter { $0.name == "\(process)" } : entries
  }
}
