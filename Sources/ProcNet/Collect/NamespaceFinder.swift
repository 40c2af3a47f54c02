/// Finds network namespaces and ways to reach them.
public struct NamespaceFinder: Sendable {
  private let kernel: any Kernel

  /// Reads nothing yet.
  public init(through kernel: any Kernel) { self.kernel = kernel }

  /// The namespaces that a choice means: of `all` our own first, then by inode, then those whose
  /// inode could not be told. Whether one may enter them is not tried.
  ///
  /// Throws a sentence when the one that was asked for does not exist. Namespaces that only a
  /// descriptor or a single thread keeps alive are not found.
  public func places(
    for choice: NamespaceChoice, gaps: inout [Gap]
  ) throws(KernelError) -> [NetworkNamespace] {
    switch choice {
    case .own: [Surveyor(kernel).own]
    case .all: try all(&gaps)
    case .process(let process): [try place(ofProcess: process)]
    case .named(let name): [try place(named: name)]
    case .path(let path): [try place(at: path)]
    }
  }

  private func all(_ gaps: inout [Gap]) throws(KernelError) -> [NetworkNamespace] {
    let surveyor = Surveyor(kernel)
    let listed = try HostProcesses.numbers(through: kernel)
    let processes = ProcessNamespaces(listed, surveyor.file)
    let hidden = ProcessAccess(kernel: kernel)
      .hidden(.namespaces, "network namespaces of other users' processes", listed)
    gaps += [processes.gap, surveyor.names.gap, hidden].compactMap(\.self)
    var inodes = Set(processes.known.keys).union(surveyor.names.byInode.keys)
    inodes.remove(surveyor.own.inode)
    return [surveyor.own]
      + inodes.sorted().map { surveyor.place($0, process: processes.known[$0]) }
      + processes.unnamed.map(surveyor.unknownPlace)
  }

  private func place(ofProcess process: Int32) throws(KernelError) -> NetworkNamespace {
    let surveyor = Surveyor(kernel)
    do throws(KernelError) {
      let inode = try surveyor.file.inode(at: "/proc/\(process)/ns/net")
      return surveyor.place(inode, process: process)
    } catch {
      guard error.isGone else { return try deniedPlace(ofProcess: process, surveyor, error) }
      throw KernelError(
        "find the network namespace of", "process \(process)",
        .malformed(
          hidesProcesses
            ? "there is no such process, it has ended, or /proc hides it"
            : "there is no such process, or it has ended"))
    }
  }

  private var hidesProcesses: Bool {
    guard let listed = try? HostProcesses.numbers(through: kernel) else { return false }
    return ProcessAccess(kernel: kernel).hidden(.namespaces, "", listed) != nil
  }

  /// Its tables are open to us even so, unless `/proc` hides the process.
  private func deniedPlace(
    ofProcess process: Int32, _ surveyor: Surveyor, _ error: KernelError
  ) throws(KernelError) -> NetworkNamespace {
    let mark: UInt64
    do throws(KernelError) {
      mark = try surveyor.file.fingerprint(ofNetAt: "/proc/\(process)/net")
    } catch _ {
      throw error
    }
    let isOwn = mark == surveyor.ownFingerprint
    return isOwn ? surveyor.own : surveyor.unknownPlace(of: process)
  }

  private func place(named name: String) throws(KernelError) -> NetworkNamespace {
    let isName = !name.isEmpty && !name.utf8.contains(47) && name != "." && name != ".."
    let surveyor = Surveyor(kernel)
    for folder in NamedNamespaces.folders where isName {
      do throws(KernelError) {
        let path = "\(folder)/\(name)"
        return located(try surveyor.file.inode(at: path), path, name, surveyor)
      } catch {
        if !error.isGone { throw error }
      }
    }
    throw KernelError(
      "find network namespace", name, .malformed("there is no such name in /run/netns"))
  }

  private func place(at path: String) throws(KernelError) -> NetworkNamespace {
    let surveyor = Surveyor(kernel)
    return located(try surveyor.file.inode(at: path), path, nil, surveyor)
  }

  /// With the tables of some process in it, for when it cannot be entered.
  private func located(
    _ inode: UInt32, _ path: String, _ name: String?, _ surveyor: Surveyor
  ) -> NetworkNamespace {
    if inode == surveyor.own.inode { return surveyor.own }
    var place = surveyor.place(inode, process: nil)
    place.path = path
    place.name = name ?? place.name
    place.tables = lowestProcess(in: inode, surveyor.file).map { "/proc/\($0)/net" }
    return place
  }

  private func lowestProcess(in inode: UInt32, _ file: NamespaceFile) -> Int32? {
    do throws(KernelError) {
      return try HostProcesses.numbers(through: kernel).first {
        file.namespace(at: "/proc/\($0)/ns/net") == inode
      }
    } catch {
      return nil
    }
  }

  /// Describes namespaces against our own one and the named ones.
  private struct Surveyor {
    let file: NamespaceFile
    let names: NamedNamespaces
    let own: NetworkNamespace

    init(_ kernel: any Kernel) {
      file = NamespaceFile(kernel: kernel)
      names = NamedNamespaces(through: kernel)
      let inode = file.namespace(at: NamespaceFile.own) ?? 0
      own = NetworkNamespace(
        inode: inode, path: nil, tables: "/proc/net", name: names.byInode[inode]?.name)
    }

    var ownFingerprint: UInt64? {
      do throws(KernelError) {
        return try file.fingerprint(ofNetAt: "/proc/net")
      } catch {
        return nil
      }
    }

    /// A name outlives the process that happens to be there, so it is the better way in.
    func place(_ inode: UInt32, process: Int32?) -> NetworkNamespace {
      if inode == own.inode { return own }
      let named = names.byInode[inode]
      return NetworkNamespace(
        inode: inode, path: named?.path ?? process.map { "/proc/\($0)/ns/net" },
        tables: process.map { "/proc/\($0)/net" }, name: named?.name)
    }

    /// A namespace of which we know no more than a process in it.
    func unknownPlace(of process: Int32) -> NetworkNamespace {
      NetworkNamespace(
        inode: 0, path: "/proc/\(process)/ns/net", tables: "/proc/\(process)/net")
    }
  }
}

extension NetworkNamespace {
  /// A setting below `/proc/sys/net` as a process in the namespace sees it; nil when it cannot be
  /// read, and where we may not enter.
  public func setting(_ path: String, limit: Int = 4096, through kernel: any Kernel) -> [UInt8]? {
    guard let namespace = self.path else { return try? kernel.contents(of: path, limit: limit) }
    return try? kernel.setting(path, inNamespaceAt: namespace)
  }

  /// The inode of the namespace that a process lives in; nil where we may not know.
  public static func inode(ofProcess process: Int32, through kernel: any Kernel) -> UInt32? {
    (try? kernel.link(at: "/proc/\(process)/ns/net")).flatMap(
      DescriptorTarget.networkNamespaceInode)
  }
}

/// Which network namespaces somebody asks for.
public enum NamespaceChoice: Sendable, Hashable {
  /// The one that we are in.
  case own
  /// Every one that can be found.
  case all
  /// The one that a process is in.
  case process(Int32)
  /// A name under `/run/netns`, where `ip netns add` puts it.
  case named(String)
  /// The one that a path leads to, as `/proc/7/ns/net` does.
  case path(String)

  /// `self`, `all`, a process number, a path (which has a slash), else a name.
  ///
  /// A namespace named `all` or `7` is reached by its path.
  public init(_ argument: String) {
    switch argument {
    case "self": self = .own
    case "all": self = .all
    case _ where argument.utf8.contains(UInt8(ascii: "/")): self = .path(argument)
    default: self = Int32(procDigits: argument.utf8).map(Self.process) ?? .named(argument)
    }
  }
}

/// The network namespaces in which processes live.
private struct ProcessNamespaces {
  /// The lowest process in each namespace.
  private(set) var known: [UInt32: Int32] = [:]
  /// The lowest process in each namespace whose inode is not for us to see, ascending.
  private(set) var unnamed: [Int32] = []
  /// Processes of which nothing could be told, and the first reason.
  private(set) var denied = 0
  private(set) var failure: KernelError?

  private let file: NamespaceFile

  init(_ processes: [Int32], _ file: NamespaceFile) {
    self.file = file
    var closed: [Int32] = []
    for process in processes {
      do throws(KernelError) {
        let inode = try file.inode(at: "/proc/\(process)/ns/net")
        known[inode] = known[inode] ?? process
      } catch {
        if !error.isGone { closed.append(process) }
      }
    }
    if !closed.isEmpty { tellApart(closed) }
  }

  /// Processes that share a namespace with a known one are nothing new.
  private mutating func tellApart(_ closed: [Int32]) {
    var seen = Set(known.values.compactMap { mark("/proc/\($0)/net") })
    if let own = mark("/proc/net") { seen.insert(own) }
    for process in closed {
      do throws(KernelError) {
        let mark = try file.fingerprint(ofNetAt: "/proc/\(process)/net")
        if seen.insert(mark).inserted { unnamed.append(process) }
      } catch {
        if !error.isGone { miss(error) }
      }
    }
  }

  private mutating func miss(_ error: KernelError) {
    denied += 1
    failure = failure ?? error
  }

  private func mark(_ folder: String) -> UInt64? {
    do throws(KernelError) { return try file.fingerprint(ofNetAt: folder) } catch { return nil }
  }

  /// What stays unknown, as a gap.
  var gap: Gap? {
    guard let failure else { return nil }
    return Gap(
      .namespaces,
      missing: "network namespaces of \(Gap.count(denied, "process", "processes"))",
      reason: failure.reason, remedy: file.kernel.remedy(for: failure))
  }
}

/// The named network namespaces: files under `/run/netns` on which a namespace is mounted.
struct NamedNamespaces {
  /// Where iproute2 looks; mostly one folder under two names.
  static let folders = ["/run/netns", "/var/run/netns"]

  struct Named {
    var name: String
    var path: String
  }

  private(set) var byInode: [UInt32: Named] = [:]
  private(set) var gap: Gap?

  /// Of two names of one namespace the first in the alphabet counts.
  init(through kernel: any Kernel) {
    let file = NamespaceFile(kernel: kernel)
    for folder in Self.folders {
      for name in names(in: folder, through: kernel) {
        let path = "\(folder)/\(name)"
        guard let inode = file.namespace(at: path), byInode[inode] == nil else { continue }
        byInode[inode] = Named(name: name, path: path)
      }
    }
  }

  private mutating func names(in folder: String, through kernel: any Kernel) -> [String] {
    do throws(KernelError) {
      return try kernel.entries(of: folder).map(\.name).sorted()
    } catch {
      if error.isDenied, gap == nil {
        gap = Gap(
          .namespaces, missing: "named network namespaces", reason: error.message,
          remedy: kernel.remedyForDenial)
      }
      return []
    }
  }
}

/// Tells a network namespace by a file that leads to it.
struct NamespaceFile {
  static let own = "/proc/self/ns/net"

  let kernel: any Kernel
  /// The file system in which all namespaces are files; nil when even ours could not be told.
  private let device: UInt64?

  init(kernel: any Kernel) {
    self.kernel = kernel
    do throws(KernelError) {
      device = try kernel.identity(of: Self.own).device
    } catch {
      device = nil
    }
  }

  /// The inode of the namespace, from the link `net:[…]` or from the file itself: a mounted name
  /// has no such link. Throws a sentence when it is something else.
  func inode(at path: String) throws(KernelError) -> UInt32 {
    if let link = try link(at: path) {
      if let inode = DescriptorTarget.networkNamespaceInode(link) { return inode }
      // `mnt:[…]` is another kind; any other text is a symbolic link on the way to a file.
      guard link.last != UInt8(ascii: "]") || link.contains(47) else { throw Self.notOne(path) }
    }
    let identity = try kernel.identity(of: path)
    guard device == nil || identity.device == device,
      let inode = UInt32(exactly: identity.inode)
    else { throw Self.notOne(path) }
    return inode
  }

  /// The same without saying why there is none.
  func namespace(at path: String) -> UInt32? {
    do throws(KernelError) { return try inode(at: path) } catch { return nil }
  }

  /// What tells the namespace of a process that we may not ask for it: its `/proc/<pid>/net` is
  /// open to all, and each namespace has files of its own there.
  func fingerprint(ofNetAt folder: String) throws(KernelError) -> UInt64 {
    try kernel.identity(of: "\(folder)/dev").inode
  }

  /// nil when it is no link, or the recording does not say.
  private func link(at path: String) throws(KernelError) -> [UInt8]? {
    do throws(KernelError) {
      return try kernel.link(at: path)
    } catch {
      if error.isDenied || error.isGone { throw error }
      return nil
    }
  }

  private static func notOne(_ path: String) -> KernelError {
    KernelError("use", path, .malformed("it is not a network namespace"))
  }
}
