/// Everything the tool reads passes through here, as bytes.
///
/// Parsers above this seam run the same on a live host (`LiveKernel`), on somebody's recording
/// (`RecordedKernel`) and in tests. Paths are always written as the live host spells them
/// (`/proc/net/tcp`); an implementation may read them elsewhere. They are bytes, written as
/// `String.init(rawBytes:)` does.
public protocol Kernel: Sendable {
  /// Passes the contents of a file on, in order, in pieces of any size.
  func read(
    _ path: String, _ piece: (Span<UInt8>) throws(KernelError) -> Void
  ) throws(KernelError)

  /// The entries of a folder in the order in which the kernel lists them, without `.` and `..`.
  func entries(of folder: String) throws(KernelError) -> [FolderEntry]

  /// Where a symbolic link points to, as written.
  func link(at path: String) throws(KernelError) -> [UInt8]

  /// What `stat` says of the file that a path leads to.
  func identity(of path: String) throws(KernelError) -> FileIdentity

  /// Visits the open descriptors of a process: number and link text (`socket:[123]`).
  ///
  /// Descriptors that vanish on the way are left out. The order is the kernel's. Denied when
  /// any of them may not be looked at, after those that may have been visited.
  func walkDescriptors(
    ofProcess process: Int32, _ visit: (Int32, Span<UInt8>) -> Void
  ) throws(KernelError)

  /// Threads whose descriptors are not those of the process's main thread, one for each such
  /// table: after `unshare(CLONE_FILES)`, or since the main thread has exited, which leaves its
  /// own table empty. `walkDescriptors` takes the number of a thread as well.
  func threadsWithOwnDescriptors(ofProcess process: Int32) throws(KernelError) -> [Int32]

  /// A small file whose contents depend on the network namespace of whoever opens it, as those
  /// below `/proc/sys/net` do; `namespacePath` leads to the namespace that is meant.
  func setting(
    _ path: String, inNamespaceAt namespacePath: String
  ) throws(KernelError) -> [UInt8]

  /// The number of an interface by name, where netlink is refused; `ENODEV` when there is none.
  /// The namespace is our own when no path leads to one.
  func interfaceIndex(
    of name: [UInt8], inNamespaceAt namespacePath: String?
  ) throws(KernelError) -> UInt32

  /// What lies in the memory of a process from an address on: less than asked for when what
  /// follows is not mapped. Needs the rights of a debugger; nothing is written or stopped.
  func readMemory(
    ofProcess process: Int32, at address: UInt64, count: Int
  ) throws(KernelError) -> [UInt8]

  /// The host's architecture; nil when it is not known.
  var architecture: Architecture? { get }

  /// Milliseconds of `CLOCK_MONOTONIC`. A recorded diagnosis answers with what the clock showed
  /// then, so that ages and rates come out the same.
  var steadyTime: UInt64 { get }

  /// Whether root asks, or asked: advice to run as root is no help then.
  var isRoot: Bool { get }

  /// Lets the time between two samples pass. A recorded diagnosis goes on to its next moment.
  func pause(milliseconds: UInt64)

  /// Sends one netlink request and passes on the datagrams of its answer, until told to stop.
  func ask(
    _ request: NetlinkRequest, _ datagram: (Span<UInt8>) throws(KernelError) -> AnswerProgress
  ) throws(KernelError)

  /// Closes a TCP or UDP socket in the name of its program (`SOCK_DESTROY`). Only a live host does.
  func close(_ socket: borrowing Socket, in place: NetworkNamespace) throws(KernelError)
}

/// Whether the answer to a netlink request goes on after a datagram.
public enum AnswerProgress: Sendable {
  /// More of it is wanted.
  case more
  /// It has been read to its end, or as far as it is wanted.
  case complete
}

/// One entry of a folder, as `getdents64` tells it.
public struct FolderEntry: Sendable, Equatable {
  /// As `String.init(rawBytes:)` makes it: nothing is lost of a name that is not UTF-8.
  public var name: String
  /// Inode number; on cgroup v2 file systems this is the cgroup id of sock_diag.
  public var inode: UInt64
  /// It is a folder (`DT_DIR`); false for a link to one.
  public var isFolder: Bool

  /// An entry as a kernel made by a test lists it.
  public init(name: String, inode: UInt64, isFolder: Bool) {
    self.name = name
    self.inode = inode
    self.isFolder = isFolder
  }
}

/// What identifies a file, and how large it says it is.
public struct FileIdentity: Sendable, Equatable {
  /// `st_dev`, put together as the C library does it; `DeviceNumber` takes it apart.
  public var device: UInt64
  /// `st_ino`; of a file in `/proc/<pid>/ns` the namespace's number.
  public var inode: UInt64
  /// Bytes; of `/proc/<pid>/fd` the number of open descriptors (since Linux 6.2).
  public var size: Int64

  /// What a kernel made by a test says of a file.
  public init(device: UInt64, inode: UInt64, size: Int64) {
    self.device = device
    self.inode = inode
    self.size = size
  }
}

/// One request to the kernel over netlink.
public struct NetlinkRequest: Sendable, Equatable {
  /// Whom a request is for; the raw value is the netlink protocol's number.
  public enum Subsystem: UInt8, Sendable {
    /// `NETLINK_ROUTE`: interfaces.
    case route = 0
    /// `NETLINK_SOCK_DIAG`: sockets.
    case socketDiagnosis = 4
  }

  /// Whom it is for.
  public var subsystem: Subsystem
  /// A path that leads to the network namespace to ask in; nil for the one we are in.
  public var namespacePath: String?
  /// The whole message: `nlmsghdr`, the subsystem's request, attributes.
  public var message: [UInt8]

  /// A request that is ready to be sent, header included.
  public init(subsystem: Subsystem, namespacePath: String? = nil, message: [UInt8]) {
    self.subsystem = subsystem
    self.namespacePath = namespacePath
    self.message = message
  }
}

extension Kernel {
  /// Recordings and made-up kernels hold the settings of one namespace only.
  public func setting(
    _ path: String, inNamespaceAt namespacePath: String
  ) throws(KernelError) -> [UInt8] {
    throw KernelError("read", "\(path) in \(namespacePath)", .notRecorded)
  }

  /// A recording holds the answers of netlink, not those of this call.
  public func interfaceIndex(
    of name: [UInt8], inNamespaceAt namespacePath: String?
  ) throws(KernelError) -> UInt32 {
    throw KernelError("look up", "interface \(String(rawBytes: name))", .notRecorded)
  }

  /// A kernel of files and netlink only.
  public func readMemory(
    ofProcess process: Int32, at address: UInt64, count: Int
  ) throws(KernelError) -> [UInt8] {
    throw KernelError("read the memory of process", "\(process)", .notRecorded)
  }

  /// Recordings and kernels made by tests have nothing to close.
  public func close(_ socket: borrowing Socket, in place: NetworkNamespace) throws(KernelError) {
    throw KernelError("close", "a socket", .malformed("only a live host has any"))
  }

  /// A kernel whose threads all share.
  public func threadsWithOwnDescriptors(
    ofProcess process: Int32
  ) throws(KernelError) -> [Int32] { [] }

  /// Visits the descriptors of those threads of a process that have a table of their own, table by
  /// table. What may be looked at is visited before a denial is thrown.
  func walkThreadDescriptors(
    ofProcess process: Int32, _ visit: (Int32, Span<UInt8>) -> Void
  ) throws(KernelError) {
    var failure: KernelError?
    for thread in (try? threadsWithOwnDescriptors(ofProcess: process)) ?? [] {
      do throws(KernelError) {
        try walkDescriptors(ofProcess: thread, visit)
      } catch {
        if !error.isGone { failure = failure ?? error }
      }
    }
    if let failure { throw failure }
  }

  /// What the descriptors of a process lead to. Of threads with tables of their own what does not
  /// contradict the main thread's: when that one has exited, everything.
  ///
  /// What was visited has been found also when something was denied.
  func takeDescriptors(
    ofProcess process: Int32, into found: inout [Int32: DescriptorTarget]
  ) throws(KernelError) {
    var failure: KernelError?
    do throws(KernelError) {
      try walkDescriptors(ofProcess: process) { found[$0] = DescriptorTarget(link: $1) }
    } catch {
      failure = error
    }
    do throws(KernelError) {
      try walkThreadDescriptors(ofProcess: process) { number, link in
        if found[number] == nil { found[number] = DescriptorTarget(link: link) }
      }
    } catch {
      failure = failure ?? error
    }
    if let failure { throw failure }
  }

  /// Not known, unless an implementation says it.
  public var architecture: Architecture? { nil }
  /// The clock of this host.
  public var steadyTime: UInt64 { CurrentProcess.steadyTime }
  /// Whether we are root.
  public var isRoot: Bool { CurrentProcess.isRoot }

  /// What helps where something is denied; nil for root, who has nothing to become.
  public var remedyForDenial: String? { isRoot ? nil : "run as root" }

  /// What helps against a failure, which is known of denials only.
  public func remedy(for failure: KernelError) -> String? {
    failure.isDenied ? remedyForDenial : nil
  }

  /// Waits that long.
  public func pause(milliseconds: UInt64) { CurrentProcess.pause(milliseconds: milliseconds) }

  /// The beginning of a file, at most so many bytes of it.
  public func beginning(of path: String, limit: Int) throws(KernelError) -> [UInt8] {
    var bytes: [UInt8] = []
    do throws(KernelError) {
      try read(path) { (piece) throws(KernelError) in
        let room = min(limit - bytes.count, piece.count)
        piece.extracting(0..<room).append(to: &bytes)
        if bytes.count == limit { throw .enough }
      }
    } catch {
      guard error.cause == .enough else { throw error }
    }
    return bytes
  }

  /// A whole file at once; for small ones.
  public func contents(of path: String, limit: Int = 1 << 20) throws(KernelError) -> [UInt8] {
    var bytes: [UInt8] = []
    try read(path) { (piece) throws(KernelError) in
      guard bytes.count + piece.count <= limit else {
        throw KernelError("read", path, .malformed("is larger than \(limit) bytes"))
      }
      piece.append(to: &bytes)
    }
    return bytes
  }
}

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
