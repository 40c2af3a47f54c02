import Glibc
import ProcNet
import Synchronization
import TestSupport

/// The running host as if this were its only process, and a note of everything that was asked.
final class QuestionLog: Kernel {
  struct Question: Hashable {
    var operation: Fault.Operation
    var path: String
  }

  private let live = LiveKernel()
  private let log = Mutex<Set<Question>>([])

  var asked: [Question] { log.withLock { $0.sorted { $0.path < $1.path } } }
  var architecture: Architecture? { live.architecture }

  private func note(_ operation: Fault.Operation, _ path: String) {
    log.withLock { _ = $0.insert(Question(operation: operation, path: path)) }
  }

  func read(
    _ path: String, _ piece: (Span<UInt8>) throws(KernelError) -> Void
  ) throws(KernelError) {
    note(.read, path)
    try live.read(path, piece)
  }

  func entries(of folder: String) throws(KernelError) -> [FolderEntry] {
    note(.list, folder)
    let entries = try live.entries(of: folder)
    return folder == "/proc" ? entries.filter { $0.name == "\(getpid())" } : entries
  }

  func link(at path: String) throws(KernelError) -> [UInt8] {
    note(.link, path)
    return try live.link(at: path)
  }

  func identity(of path: String) throws(KernelError) -> FileIdentity {
    note(.identity, path)
    return try live.identity(of: path)
  }

  func walkDescriptors(
    ofProcess process: Int32, _ visit: (Int32, Span<UInt8>) -> Void
  ) throws(KernelError) {
    note(.walk, "/proc/\(process)/fd")
    try live.walkDescriptors(ofProcess: process, visit)
  }

  func readMemory(
    ofProcess process: Int32, at address: UInt64, count: Int
  ) throws(KernelError) -> [UInt8] {
    note(.memory, "/proc/\(process)/mem")
    return try live.readMemory(ofProcess: process, at: address, count: count)
  }

  func ask(
    _ request: NetlinkRequest, _ datagram: (Span<UInt8>) throws(KernelError) -> AnswerProgress
  ) throws(KernelError) {
    note(.ask, "")
    try live.ask(request, datagram)
  }

  func close(_ socket: borrowing Socket, in place: NetworkNamespace) throws(KernelError) {
    throw KernelError("close", "a socket", .notRecorded)
  }
}
