import Glibc
import ProcNet

/// A kernel made of dictionaries: what a test puts in is all that there is.
///
/// Anything else fails like a missing file (`ENOENT`), a missing process likewise.
public struct FakeKernel: Kernel {
  public var files: [String: [UInt8]] = [:]
  public var folders: [String: [FolderEntry]] = [:]
  public var links: [String: [UInt8]] = [:]
  public var identities: [String: FileIdentity] = [:]
  public var descriptors: [Int32: [FakeDescriptor]] = [:]
  /// Threads of a process that have descriptors of their own, in `descriptors` as well.
  public var threadTables: [Int32: [Int32]] = [:]
  /// What a netlink request is answered with, datagram by datagram.
  public var answer: @Sendable (NetlinkRequest) throws(KernelError) -> [[UInt8]]
  /// The longest piece in which a file is passed on; make it small to test parsers.
  public var pieceSize = 64 * 1024
  public var architecture: Architecture? = .x86
  public var isRoot = false
  /// What lies in the memory of a process, by process and address.
  public var memory: [Int32: [UInt64: [UInt8]]] = [:]

  public init() {
    answer = { (request) throws(KernelError) in
      throw KernelError("open", "a netlink socket", .system(EPROTONOSUPPORT))
    }
  }

  /// The same kernel with a text file more.
  public func file(_ path: String, _ text: String) -> FakeKernel {
    var kernel = self
    kernel.files[path] = Array(text.utf8)
    return kernel
  }

  /// The same kernel with a folder more; names that end in `/` are folders themselves.
  public func folder(_ path: String, _ names: [String]) -> FakeKernel {
    var kernel = self
    kernel.folders[path] = names.enumerated().map { index, name in
      let isFolder = name.hasSuffix("/")
      return FolderEntry(
        name: isFolder ? String(name.dropLast()) : name, inode: UInt64(index + 1),
        isFolder: isFolder)
    }
    return kernel
  }

  public func link(_ path: String, _ target: String) -> FakeKernel {
    var kernel = self
    kernel.links[path] = Array(target.utf8)
    return kernel
  }

  /// The same kernel with a process that has these descriptors open.
  public func process(_ process: Int32, _ open: [FakeDescriptor]) -> FakeKernel {
    var kernel = self
    kernel.descriptors[process] = open
    return kernel
  }

  /// The same kernel with a piece of a process's memory.
  public func memory(_ process: Int32, at address: UInt64, _ bytes: [UInt8]) -> FakeKernel {
    var kernel = self
    kernel.memory[process, default: [:]][address] = bytes
    return kernel
  }

  public func answering(
    _ answer: @escaping @Sendable (NetlinkRequest) throws(KernelError) -> [[UInt8]]
  ) -> FakeKernel {
    var kernel = self
    kernel.answer = answer
    return kernel
  }

  public func read(
    _ path: String, _ piece: (Span<UInt8>) throws(KernelError) -> Void
  ) throws(KernelError) {
    let bytes = try found(files[path], "read", path)
    var start = 0
    while start < bytes.count {
      let end = min(start + max(pieceSize, 1), bytes.count)
      try piece(bytes.span.extracting(start..<end))
      start = end
    }
  }

  public func entries(of folder: String) throws(KernelError) -> [FolderEntry] {
    try found(folders[folder], "list", folder)
  }

  public func link(at path: String) throws(KernelError) -> [UInt8] {
    try found(links[path], "read link", path)
  }

  public func identity(of path: String) throws(KernelError) -> FileIdentity {
    try found(identities[path], "look at", path)
  }

  public func walkDescriptors(
    ofProcess process: Int32, _ visit: (Int32, Span<UInt8>) -> Void
  ) throws(KernelError) {
    for descriptor in try found(descriptors[process], "list", "/proc/\(process)/fd") {
      visit(descriptor.number, descriptor.link.span)
    }
  }

  public func threadsWithOwnDescriptors(
    ofProcess process: Int32
  ) throws(KernelError) -> [Int32] { threadTables[process] ?? [] }

  public func readMemory(
    ofProcess process: Int32, at address: UInt64, count: Int
  ) throws(KernelError) -> [UInt8] {
    guard let bytes = memory[process]?[address] else {
      throw KernelError("read", "/proc/\(process)/mem", .system(EIO))
    }
    return Array(bytes.prefix(count))
  }

  /// Ends like a kernel that says no more: whoever asked has to say when it is complete.
  public func ask(
    _ request: NetlinkRequest, _ datagram: (Span<UInt8>) throws(KernelError) -> AnswerProgress
  ) throws(KernelError) {
    for bytes in try answer(request) {
      if case .complete = try datagram(bytes.span) { return }
    }
    throw KernelError("receive", "the kernel's netlink answer", .system(EAGAIN))
  }

  private func found<Found>(
    _ found: Found?, _ attempt: String, _ path: String
  ) throws(KernelError) -> Found {
    guard let found else { throw KernelError(attempt, path, .system(ENOENT)) }
    return found
  }
}

/// An open descriptor of a process in a `FakeKernel`.
public struct FakeDescriptor: Sendable, Equatable {
  public var number: Int32
  /// What the link in `/proc/<pid>/fd` says; any bytes.
  public var link: [UInt8]

  public init(_ number: Int32, _ link: [UInt8]) {
    self.number = number
    self.link = link
  }

  public init(_ number: Int32, _ link: String) { self.init(number, Array(link.utf8)) }
}
