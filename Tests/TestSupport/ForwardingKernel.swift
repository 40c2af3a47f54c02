import ProcNet

/// A kernel that asks another one: whoever conforms writes down only where it differs.
public protocol ForwardingKernel: Kernel {
  associatedtype Other: Kernel
  /// The one that is asked.
  var other: Other { get }
}

extension ForwardingKernel {
  public var architecture: Architecture? { other.architecture }
  public var isRoot: Bool { other.isRoot }

  public func read(
    _ path: String, _ piece: (Span<UInt8>) throws(KernelError) -> Void
  ) throws(KernelError) { try other.read(path, piece) }

  public func entries(of folder: String) throws(KernelError) -> [FolderEntry] {
    try other.entries(of: folder)
  }

  public func link(at path: String) throws(KernelError) -> [UInt8] { try other.link(at: path) }

  public func identity(of path: String) throws(KernelError) -> FileIdentity {
    try other.identity(of: path)
  }

  public func walkDescriptors(
    ofProcess process: Int32, _ visit: (Int32, Span<UInt8>) -> Void
  ) throws(KernelError) { try other.walkDescriptors(ofProcess: process, visit) }

  public func threadsWithOwnDescriptors(
    ofProcess process: Int32
  ) throws(KernelError) -> [Int32] { try other.threadsWithOwnDescriptors(ofProcess: process) }

  public func readMemory(
    ofProcess process: Int32, at address: UInt64, count: Int
  ) throws(KernelError) -> [UInt8] {
    try other.readMemory(ofProcess: process, at: address, count: count)
  }

  public func ask(
    _ request: NetlinkRequest, _ datagram: (Span<UInt8>) throws(KernelError) -> AnswerProgress
  ) throws(KernelError) { try other.ask(request, datagram) }
}
