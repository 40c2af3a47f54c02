import CLinux
import Glibc

/// The kernel of the host we run on.
public struct LiveKernel: Kernel {
  /// Stands in for `/proc` in every path; a container's mounted host, say.
  let procRoot: String

  public init(procRoot: String = "/proc") {
    self.procRoot = procRoot.hasSuffix("/") ? String(procRoot.dropLast()) : procRoot
  }

  /// The kernel of this host, as far as it can be asked at all; or that of another `/proc`.
  ///
  /// - Throws: `.notMounted` without `/proc`, where next to nothing could be read and all of it
  ///   would look like an idle host; the system's error where no file can be opened.
  public static func host(procRoot: String? = nil) throws(KernelError) -> LiveKernel {
    if let procRoot { return LiveKernel(procRoot: procRoot) }
    do throws(KernelError) {
      let folder = try Descriptor.open("/proc", flags: O_DIRECTORY)
      if folder.isInProc { return LiveKernel() }
    } catch {
      if error.number != ENOENT { throw error }
    }
    throw KernelError("read", "/proc", .notMounted)
  }

  public var filtersDumps: Bool { true }

  func place(_ path: String) -> String {
    guard path == "/proc" || path.hasPrefix("/proc/") else { return path }
    return procRoot + path.dropFirst("/proc".count)
  }

  public func read(
    _ path: String, _ piece: (Span<UInt8>) throws(KernelError) -> Void
  ) throws(KernelError) {
    if path == ProcessorClocks.path {
      let own = self.place("/proc/self/sched")
      let text = try ProcessorClocks.text { () throws(KernelError) in
        try beginning(of: own, limit: ProcSched.beginning)
      }
      return try piece(text.span)
    }
    let place = place(path)
    let file = try Descriptor.open(place)
    let buffer = ByteBuffer(capacity: 64 * 1024)
    var total = 0
    while true {
      let count = try unsafe file.read(into: buffer.memory, from: place)
      if count == 0 { return }
      try piece(buffer.span(count))
      total += count
      guard total >= Self.worthHelp else { continue }
      total = 0
      if try FilePrefetch(file: file.number, path: place).run(piece) { return }
    }
  }

  /// Bytes after which a file is long enough to be read on a thread of its own: a table of some
  /// 1,700 sockets.
  private static let worthHelp = 256 * 1024

  public func setting(
    _ path: String, inNamespaceAt namespacePath: String
  ) throws(KernelError) -> [UInt8] {
    let place = place(path)
    let file = try NamespaceEntry.opening(in: self.place(namespacePath)) {
      () throws(KernelError) in try Descriptor.open(place)
    }
    let buffer = ByteBuffer(capacity: 4096)
    return buffer.span(try unsafe file.read(into: buffer.memory, from: place)).copied()
  }

  public func entries(of folder: String) throws(KernelError) -> [FolderEntry] {
    let directory = try Descriptor.open(place(folder), flags: O_DIRECTORY, attempt: "list")
    var found: [FolderEntry] = []
    try FolderReader(directory: directory.number, path: folder).forEach { entry in
      found.append(
        FolderEntry(name: entry.nameText, inode: entry.inode, isFolder: entry.kind == 4))
    }
    return found
  }

  public func link(at path: String) throws(KernelError) -> [UInt8] {
    let place = place(path)
    let buffer = ByteBuffer(capacity: 4096)
    let count = try SystemCall.retrying("read link", place) {
      unsafe readlink(place, buffer.characters, buffer.memory.count)
    }
    return buffer.span(count).copied()
  }

  public func identity(of path: String) throws(KernelError) -> FileIdentity {
    let place = place(path)
    var status = stat()
    _ = try SystemCall.retrying("look at", place) { unsafe stat(place, &status) }
    return FileIdentity(
      device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int64(status.st_size))
  }

  public func walkDescriptors(
    ofProcess process: Int32, _ visit: (Int32, Span<UInt8>) -> Void
  ) throws(KernelError) {
    let folder = "\(procRoot)/\(process)/fd"
    let directory = try Descriptor.open(folder, flags: O_DIRECTORY, attempt: "list")
    let link = ByteBuffer(capacity: 4096)
    var denial: KernelError?
    try FolderReader(directory: directory.number, path: folder).forEach { entry in
      guard let number = entry.number else { return }
      do throws(KernelError) {
        let count = try SystemCall.retrying("read links in", folder) {
          unsafe readlinkat(directory.number, entry.name, link.characters, link.memory.count)
        }
        visit(number, link.span(count))
      } catch {
        if error.isDenied { denial = error }
      }
    }
    // Root in a container may list what it may not follow: CAP_DAC_OVERRIDE opens the folder,
    // the links need CAP_SYS_PTRACE. Nothing to see is not the same as nothing there.
    if let denial { throw denial }
  }

  public func threadsWithOwnDescriptors(
    ofProcess process: Int32
  ) throws(KernelError) -> [Int32] {
    let folder = "\(procRoot)/\(process)/task"
    let directory = try Descriptor.open(folder, flags: O_DIRECTORY, attempt: "list")
    var tables = [process]
    try FolderReader(directory: directory.number, path: folder).forEach { entry in
      guard let thread = entry.number, thread != process else { return }
      // The newest table first: threads that follow each other often share one.
      let isKnown = tables.reversed().contains { sharesDescriptors(thread, $0, of: process) }
      if !isKnown { tables.append(thread) }
    }
    return Array(tables.dropFirst())
  }

  /// As the kernel tells; where it does not (kcmp(2) is not built in, or takes the numbers of our
  /// own pid namespace, which are other threads than those of another `/proc`), tables of the same
  /// size (told since Linux 6.2) count as one.
  private func sharesDescriptors(_ one: Int32, _ other: Int32, of process: Int32) -> Bool {
    if procRoot == "/proc" {
      let answer = sockinspect_kcmp_files(one, other)
      if answer >= 0 { return answer == 0 }
    }
    let folder = "/proc/\(process)/task"
    guard let size = try? identity(of: "\(folder)/\(one)/fd").size,
      let otherSize = try? identity(of: "\(folder)/\(other)/fd").size
    else { return true }
    return size == otherSize
  }

  /// Through the process's own file: `process_vm_readv` takes numbers of our own pid namespace,
  /// which are other processes than those of another `/proc`.
  public func readMemory(
    ofProcess process: Int32, at address: UInt64, count: Int
  ) throws(KernelError) -> [UInt8] {
    let place = "\(procRoot)/\(process)/mem"
    let file = try Descriptor.open(place)
    guard let offset = off_t(exactly: address), count > 0 else {
      throw KernelError("read", place, .system(EIO))
    }
    let buffer = ByteBuffer(capacity: count)
    let length = try SystemCall.retrying("read", place) {
      unsafe pread(file.number, buffer.memory.baseAddress, count, offset)
    }
    // A process that has ended has no memory: an end of file, not an error.
    if length == 0 { throw KernelError("read", place, .system(ESRCH)) }
    return buffer.span(length).copied()
  }

  public var architecture: Architecture? { .ours }

  public func ask(
    _ request: NetlinkRequest, _ datagram: (Span<UInt8>) throws(KernelError) -> AnswerProgress
  ) throws(KernelError) {
    let path = request.namespacePath.map(place)
    let socket = try NamespaceEntry.opening(in: path) { () throws(KernelError) in
      try NetlinkSocket(request.subsystem)
    }
    try socket.send(request.message)
    try socket.receive(datagram)
  }
}
