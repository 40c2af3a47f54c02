import CLinux
import Glibc

/// Whose `/proc` is read: our own, or another one that is mounted at some folder, as the host's in
/// a container or a container's on the host.
///
/// `self` in another `/proc` is still whoever reads, or nobody, and `net`, `mounts` and `sys/net` are
/// the reader's too. What belongs to that host is read through its process 1: tables and mounts
/// in its folder, other files below its root, settings and netlink in its namespaces.
struct ProcRoot: Sendable {
  /// Without a slash at the end.
  let folder: String
  let isOwn: Bool

  init(_ folder: String) {
    var bytes = folder.rawBytes
    while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
    self.folder = String(rawBytes: bytes)
    isOwn = self.folder == "/proc"
  }

  /// Where a path of that host leads to for us.
  enum Place: Equatable {
    case path(String)
    /// Below the root of its process 1, which links must not leave: they are that host's.
    case inRoot(String)

    var text: String {
      switch self {
      case .path(let path), .inRoot(let path): path
      }
    }
  }

  func place(_ path: String) -> Place {
    if isOwn { return .path(path) }
    guard path == "/proc" || path.hasPrefix("/proc/") else { return outside(path) }
    let rest = String(path.dropFirst("/proc".count))
    if rest == "/net" || rest.hasPrefix("/net/") { return .path(tables + rest) }
    if rest == "/mounts" { return .path("\(folder)/1/mounts") }
    for own in ["/self", "/thread-self"] where rest.hasPrefix(own + "/") {
      let name = String(rest.dropFirst(own.count))
      return .path(isOurs(name) ? path : "\(folder)/1\(name)")
    }
    let root = "/1/root"
    if rest.hasPrefix(root + "/") { return .inRoot(String(rest.dropFirst(root.count))) }
    return .path(folder + rest)
  }

  /// A path that was typed with the folder in front means a file in it.
  private func outside(_ path: String) -> Place {
    path.hasPrefix(folder + "/") ? .path(path) : .inRoot(path)
  }

  /// The reader's rights and clocks; everything else of `self` is the host's process 1.
  private func isOurs(_ name: String) -> Bool {
    ["/status", "/stat", "/sched"].contains(name)
  }

  /// The folder that holds `net`. A copy of a `/proc` has a folder there, not the link to `self`.
  private var tables: String {
    var status = stat()
    let first = "\(folder)/1"
    if unsafe "\(first)/net".withRawCString({ unsafe stat($0, &status) }) == 0 { return first }
    let isFolder =
      unsafe "\(folder)/net".withRawCString { unsafe lstat($0, &status) } == 0
      && status.st_mode & S_IFMT == S_IFDIR
    return isFolder ? folder : first
  }

  /// The namespace that a setting is read in: what `/proc/sys` shows is the reader's, whatever
  /// `/proc` it is in. nil for our own `/proc`, for other files, and for a copy.
  func namespace(ofSetting path: String) -> (kind: NamespaceEntry.Kind, path: String)? {
    guard !isOwn, path.hasPrefix("/proc/sys/"), isKernels else { return nil }
    if path.hasPrefix("/proc/sys/net/") { return (.network, "/proc/1/ns/net") }
    let names = ["hostname", "domainname"].map { "/proc/sys/kernel/\($0)" }
    return names.contains(path) ? (.hostName, "/proc/1/ns/uts") : nil
  }

  /// Whether this is a `/proc` of the kernel that we run on, and not a copy or another host's.
  var isKernels: Bool {
    let type = unsafe folder.withRawCString { unsafe sockinspect_filesystem_type($0) }
    return type == SOCKINSPECT_PROC_SUPER_MAGIC
  }

  /// Whether user numbers, which the kernel tells as they are for us, mean other users there: its
  /// process 1 lives in a user namespace that shifts them.
  var hasOtherUsers: Bool {
    guard !isOwn, isKernels else { return false }
    var (ours, theirs) = (stat(), stat())
    let first = unsafe stat("/proc/self/ns/user", &ours)
    let second = unsafe "\(folder)/1/ns/user".withRawCString { unsafe stat($0, &theirs) }
    if first == 0, second == 0, ours.st_dev == theirs.st_dev, ours.st_ino == theirs.st_ino {
      return false
    }
    let map = try? LiveKernel().beginning(of: "\(folder)/1/uid_map", limit: 4096)
    let numbers = (map ?? []).split { $0.isBlank || $0 == 10 }.compactMap { UInt64(procDigits: $0) }
    return numbers != [0, 0, UInt64(UInt32.max)]
  }
}

/// Opens something in another namespace and comes back.
///
/// `setns` moves the calling thread only. What is opened inside stays inside, so the thread can
/// return at once; if it cannot return, going on would show the wrong host's sockets.
enum NamespaceEntry {
  /// The kinds that are entered; the raw value is the name in `/proc/<pid>/ns`.
  enum Kind: String {
    case network = "net"
    /// Host name and domain name.
    case hostName = "uts"

    var flag: Int32 {
      switch self {
      case .network: SOCKINSPECT_CLONE_NEWNET
      case .hostName: SOCKINSPECT_CLONE_NEWUTS
      }
    }

    /// The one that we are in.
    var own: String { "/proc/thread-self/ns/\(rawValue)" }
  }

  /// Opens what is wanted in a namespace, which errors call by this name.
  static func opening<Opened: ~Copyable>(
    in target: borrowing Descriptor, called name: String, _ kind: Kind,
    _ open: () throws(KernelError) -> Opened
  ) throws(KernelError) -> Opened {
    let home = try Descriptor.open(kind.own, attempt: "open")
    if try isSame(home, target, name) { return try open() }
    // A process that may not enter where it is could not come back: root of a user namespace, say.
    try enter(home, kind.own, kind)
    try enter(target, name, kind)
    let opened: Opened
    do throws(KernelError) {
      opened = try open()
    } catch {
      try enter(home, kind.own, kind)
      throw error
    }
    try enter(home, kind.own, kind)
    return opened
  }

  /// Device and inode tell a namespace; there is no need, and maybe no right, to enter our own.
  private static func isSame(
    _ home: borrowing Descriptor, _ target: borrowing Descriptor, _ name: String
  ) throws(KernelError) -> Bool {
    let (ours, theirs) = (
      try home.status("open", called: name), try target.status("open", called: name)
    )
    return ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino
  }

  private static func enter(
    _ namespace: borrowing Descriptor, _ path: String, _ kind: Kind
  ) throws(KernelError) {
    let number = namespace.number
    _ = try SystemCall.retrying("enter network namespace", path) { setns(number, kind.flag) }
  }
}
