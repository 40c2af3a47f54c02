import CLinux
import Glibc

/// The kernel of the host we run on, or of the host whose `/proc` is mounted elsewhere.
public struct LiveKernel: Kernel {
  private let root: ProcRoot

  /// With another folder in place of `/proc` in every path: a container's mounted host, say.
  public init(procRoot: String = "/proc") { root = ProcRoot(procRoot) }

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

  /// Reads a file; a long one on a second thread, so that the kernel's pace is kept.
  public func read(
    _ path: String, _ piece: (Span<UInt8>) throws(KernelError) -> Void
  ) throws(KernelError) {
    if path == ProcessorClocks.path {
      let text = try ProcessorClocks.text { () throws(KernelError) in
        try beginning(of: "/proc/self/sched", limit: ProcSched.beginning)
      }
      return try piece(text.span)
    }
    if let namespace = root.namespace(ofSetting: path) {
      let text = try setting(path, in: namespace)
      return try piece(text.span)
    }
    let name = root.place(path).text
    if path == "/etc/passwd", root.hasOtherUsers {
      throw KernelError(
        "read", name, .malformed("user numbers are others there, in a user namespace"))
    }
    let file = try open(path)
    let buffer = ByteBuffer(capacity: 64 * 1024)
    var total = 0
    while true {
      let count = try unsafe file.read(into: buffer.memory, from: name)
      if count == 0 { return }
      try piece(buffer.span(count))
      total += count
      guard total >= Self.worthHelp else { continue }
      total = 0
      if try FilePrefetch(file: file.number, path: name).run(piece) { return }
    }
  }

  /// Bytes after which a file is long enough to be read on a thread of its own: a table of some
  /// 1,700 sockets.
  private static let worthHelp = 256 * 1024

  /// Enters the namespace on the calling thread, reads there and comes back.
  public func setting(
    _ path: String, inNamespaceAt namespacePath: String
  ) throws(KernelError) -> [UInt8] {
    try setting(path, in: (.network, namespacePath))
  }

  /// Reads inside, for those whose contents depend on the reader at that moment.
  private func setting(
    _ path: String, in namespace: (kind: NamespaceEntry.Kind, path: String)
  ) throws(KernelError) -> [UInt8] {
    let place = root.place(path).text
    return try opening(namespace.kind, at: namespace.path) { () throws(KernelError) in
      let file = try Descriptor.open(place)
      let buffer = ByteBuffer(capacity: 4096)
      return buffer.span(try unsafe file.read(into: buffer.memory, from: place)).copied()
    }
  }

  /// Reads a folder with `getdents64`.
  public func entries(of folder: String) throws(KernelError) -> [FolderEntry] {
    let directory = try open(folder, flags: O_DIRECTORY, attempt: "list")
    var found: [FolderEntry] = []
    try FolderReader(directory: directory.number, path: folder).forEach { entry in
      found.append(
        FolderEntry(name: entry.nameText, inode: entry.inode, isFolder: entry.kind == 4))
    }
    return found
  }

  /// Reads a link, up to 4,096 bytes of it.
  public func link(at path: String) throws(KernelError) -> [UInt8] {
    let buffer = ByteBuffer(capacity: 4096)
    let count: Int
    switch root.place(path) {
    case .path(let place):
      count = try SystemCall.retrying("read link", place) {
        unsafe place.withRawCString { unsafe readlink($0, buffer.characters, buffer.memory.count) }
      }
    case .inRoot(let name):
      let file = try open(path, flags: SOCKINSPECT_O_PATH | O_NOFOLLOW, attempt: "read link")
      let kind = try file.status("read link", called: name).st_mode & S_IFMT
      guard kind == S_IFLNK else { throw KernelError("read link", name, .system(EINVAL)) }
      count = try SystemCall.retrying("read link", name) {
        unsafe readlinkat(file.number, "", buffer.characters, buffer.memory.count)
      }
    }
    return buffer.span(count).copied()
  }

  /// Calls `stat`, which can wait for ever on a file system that hangs.
  public func identity(of path: String) throws(KernelError) -> FileIdentity {
    var status = stat()
    switch root.place(path) {
    case .path(let place):
      _ = try SystemCall.retrying("look at", place) {
        unsafe place.withRawCString { unsafe stat($0, &status) }
      }
    case .inRoot(let name):
      let file = try open(path, flags: SOCKINSPECT_O_PATH, attempt: "look at")
      status = try file.status("look at", called: name)
    }
    return FileIdentity(
      device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int64(status.st_size))
  }

  /// Reads the links in `/proc/<pid>/fd`, about 4 µs each.
  public func walkDescriptors(
    ofProcess process: Int32, _ visit: (Int32, Span<UInt8>) -> Void
  ) throws(KernelError) {
    let folder = "\(root.folder)/\(process)/fd"
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

  /// Compares the descriptor tables of all threads with `kcmp`, or by their size.
  public func threadsWithOwnDescriptors(
    ofProcess process: Int32
  ) throws(KernelError) -> [Int32] {
    let folder = "\(root.folder)/\(process)/task"
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
    if root.isOwn {
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
    let place = "\(root.folder)/\(process)/mem"
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

  /// The one that this program was built for.
  public var architecture: Architecture? { .ours }

  /// Opens a netlink socket in the namespace, asks, and waits at most two seconds for each
  /// datagram.
  public func ask(
    _ request: NetlinkRequest, _ datagram: (Span<UInt8>) throws(KernelError) -> AnswerProgress
  ) throws(KernelError) {
    let socket = try opening(.network, at: request.namespacePath) { () throws(KernelError) in
      try NetlinkSocket(request.subsystem)
    }
    try socket.send(request.message)
    try socket.receive(datagram)
  }

  /// Asks with `SIOCGIFINDEX` in the namespace.
  public func interfaceIndex(
    of name: [UInt8], inNamespaceAt namespacePath: String?
  ) throws(KernelError) -> UInt32 {
    let subject = "interface \(String(rawBytes: name))"
    // 15 bytes and a zero; a longer name would be cut to that of another interface.
    guard name.count < 16 else { throw KernelError("look up", subject, .system(ENODEV)) }
    let any = try opening(.network, at: namespacePath) { () throws(KernelError) in
      Descriptor(
        try SystemCall.retrying("open", "a socket") {
          socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        })
    }
    var request = sockinspect_ifreq()
    unsafe withUnsafeMutableBytes(of: &request.name) { unsafe $0.copyBytes(from: name) }
    _ = try SystemCall.retrying("look up", subject) {
      unsafe sockinspect_interface_index(any.number, &request)
    }
    return UInt32(bitPattern: request.index)
  }

  /// Sends `SOCK_DESTROY`, which needs CAP_NET_ADMIN and `CONFIG_INET_DIAG_DESTROY`; only for a
  /// socket with a cookie, never in another `/proc`, and never in a namespace that has come in
  /// place of the one that is meant.
  public func close(_ socket: borrowing Socket, in place: NetworkNamespace) throws(KernelError) {
    guard let message = DestroyRequest.message(socket) else {
      throw KernelError(
        "close", "a socket", .malformed("the kernel closes only TCP and UDP sockets it has named"))
    }
    // A reader of another /proc does not mean our own sockets.
    guard root.isOwn else {
      throw KernelError("close", "a socket", .malformed("only those of our own host can be"))
    }
    let netlink = try opening(.network, at: place.path, inode: place.inode) {
      () throws(KernelError) in
      try NetlinkSocket(.socketDiagnosis)
    }
    try netlink.send(message)
    try netlink.receive { (datagram) throws(KernelError) in
      try DestroyRequest.check(answer: datagram)
      return .complete
    }
  }

  private func open(
    _ path: String, flags: Int32 = 0, attempt: String = "read"
  ) throws(KernelError) -> Descriptor {
    switch root.place(path) {
    case .path(let place):
      return try Descriptor.open(place, flags: flags, attempt: attempt)
    case .inRoot(let place):
      let top = "\(root.folder)/1/root"
      let folder = try Descriptor.open(
        top, flags: SOCKINSPECT_O_PATH | O_DIRECTORY, attempt: attempt)
      let file = try folder.openInRoot(
        place, flags: flags, attempt: attempt, called: top + place)
      if flags & (SOCKINSPECT_O_PATH | O_DIRECTORY) == 0 {
        let kind = try file.status(attempt, called: top + place).st_mode & S_IFMT
        guard kind == S_IFREG else {
          throw KernelError(attempt, top + place, .malformed("it is not a regular file"))
        }
      }
      return file
    }
  }

  /// Runs something in a namespace of the host that is meant; nil is its own one. Throws where
  /// that one cannot be entered, unless we are in it, and where it has not this inode; 0 is any.
  private func opening<Opened: ~Copyable>(
    _ kind: NamespaceEntry.Kind, at path: String?, inode: UInt32 = 0,
    _ run: () throws(KernelError) -> Opened
  ) throws(KernelError) -> Opened {
    guard let path = path ?? (root.isOwn ? nil : "/proc/1/ns/\(kind.rawValue)") else {
      return try run()
    }
    let file: Descriptor
    do throws(KernelError) {
      file = try open(path, attempt: "open")
    } catch {
      guard error.isDenied, kind == .network, isOursByTables(path) else { throw error }
      return try run()
    }
    let name = root.place(path).text
    if inode != 0, try file.status("enter", called: name).st_ino != UInt64(inode) {
      throw KernelError("enter", name, .malformed("another namespace has taken its place"))
    }
    return try NamespaceEntry.opening(in: file, called: name, kind, run)
  }

  /// Whoever may not open the namespace of a process can tell by its tables that it is ours:
  /// each namespace has files of its own, in all `/proc` of one kernel.
  private func isOursByTables(_ path: String) -> Bool {
    guard path.hasSuffix("/ns/net"), root.isKernels else { return false }
    do throws(KernelError) {
      let tables = path.dropLast("ns/net".utf8.count) + "net/dev"
      return try identity(of: String(tables)).inode
        == LiveKernel().identity(of: "/proc/thread-self/net/dev").inode
    } catch {
      return false
    }
  }

}

/// The scheduler's clock of each processor, as a file that the kernel does not have.
///
/// `se.exec_start` of a thread is a time on the clock of the processor it last ran on, and these
/// clocks drift apart: each leaves out the time that went into interrupts, or to other guests of a
/// virtual machine. So the reader lets itself be run on one after the other and reads its own
/// figure there, which is now. Nothing but its own thread is moved, and it is put back.
enum ProcessorClocks {
  /// The path by which the figures pass the seam, so that recordings hold them.
  static let path = "/proc/self/sched/processors"
  /// Processors that are asked; a visit takes some 30 µs.
  private static let most = 256
  private static let words = 64

  /// A line `PROCESSOR MILLISECONDS` for each that we may run on.
  static func text(reading sched: () throws(KernelError) -> [UInt8]) throws(KernelError) -> [UInt8]
  {
    var before = [UInt](repeating: 0, count: words)
    let size = UInt(words * MemoryLayout<UInt>.size)
    guard unsafe sched_getaffinity(0, size, &before) >= 0 else { return [] }
    defer { _ = unsafe sched_setaffinity(0, size, before) }
    var text: [UInt8] = []
    for processor in 0..<most where before[processor / 64] >> UInt(processor % 64) & 1 == 1 {
      var only = [UInt](repeating: 0, count: words)
      only[processor / 64] = 1 << UInt(processor % 64)
      guard unsafe sched_setaffinity(0, size, only) == 0 else { continue }
      let own = try sched()
      guard let now = ProcSched.decode(own.span)?.lastRan else { return [] }
      text += Array("\(processor) \(now)\n".utf8)
    }
    return text
  }
}
