import Synchronization

/// The cgroup v2 tree: which group a socket's `INET_DIAG_CGROUP_ID` means.
///
/// The tree is walked once, when first asked; a group made after that is not found.
public final class Cgroups: Sendable {
  private let kernel: any Kernel
  private let tree = Mutex<CgroupTree?>(nil)

  /// Reads nothing yet.
  public init(through kernel: any Kernel) { self.kernel = kernel }

  /// The path of a group below the mount, `/` for the root; nil when no folder that we see has
  /// this number: the group is gone or outside our view, which ss calls `unreachable:` and the
  /// number in hexadecimal.
  public func path(of id: UInt64) -> [UInt8]? {
    withTree { tree in tree.paths[id] }
  }

  /// The number of a group; a path may lack its leading slash or have one at its end.
  public func id(of path: [UInt8]) -> UInt64? {
    let names = path.split(separator: 47)
    let plain: [UInt8] = names.isEmpty ? [47] : Array(names.map { [47] + $0 }.joined())
    return withTree { tree in tree.paths.first { $0.value == plain }?.key }
  }

  /// What of the tree could not be read; nil when all was.
  public var gap: Gap? { withTree { tree in tree.gap } }

  private func withTree<Value: Sendable>(_ look: (CgroupTree) -> Value) -> Value {
    tree.withLock { known in
      let tree = known ?? CgroupTree(through: kernel)
      known = tree
      return look(tree)
    }
  }
}

/// All groups below the cgroup v2 mount: a folder's inode is the group's number.
private struct CgroupTree: Sendable {
  private(set) var paths: [UInt64: [UInt8]] = [:]
  private(set) var gap: Gap?

  /// Far beyond any host; ends a walk through something that is no cgroup tree.
  private static let mostGroups = 1 << 20

  init(through kernel: any Kernel) {
    do throws(KernelError) {
      guard let folder = try CgroupMounts(through: kernel).root(.unified) else {
        gap = Gap(missing: "control groups", reason: "no cgroup v2 file system is mounted")
        return
      }
      paths[try kernel.identity(of: folder).inode] = [47]
      walk(folder, through: kernel)
    } catch {
      gap = Gap(missing: "control groups", reason: error.message)
    }
  }

  /// With a list of its own instead of recursion: depth is not ours to limit.
  private mutating func walk(_ mount: String, through kernel: any Kernel) {
    var waiting = [""]
    while let path = waiting.popLast() {
      for entry in folders(of: mount, path, through: kernel) {
        guard paths.count < Self.mostGroups else { return }
        let below = "\(path)/\(entry.name)"
        paths[entry.inode] = below.rawBytes
        waiting.append(below)
      }
    }
  }

  /// A group that was removed meanwhile has no members to show.
  private mutating func folders(
    of mount: String, _ path: String, through kernel: any Kernel
  ) -> [FolderEntry] {
    do throws(KernelError) {
      return try kernel.entries(of: mount + path).filter(\.isFolder)
    } catch {
      if !error.isGone, gap == nil {
        gap = Gap(missing: "some control groups", reason: error.message)
      }
      return []
    }
  }
}

/// Where the control groups of either version are mounted.
struct CgroupMounts: Sendable {
  enum Hierarchy: Sendable {
    /// Version 2.
    case unified
    /// The two of version 1 that we ask.
    case freezer, cpu
  }

  private var folders: [Hierarchy: [UInt8]] = [:]

  /// `ip netns exec` mounts a /sys of its own, without control groups: then those that the first
  /// process sees are asked, through its root, which needs its rights.
  init(through kernel: any Kernel) throws(KernelError) {
    var failure: KernelError?
    do throws(KernelError) {
      take(ProcMounts(try kernel.contents(of: "/proc/self/mounts", limit: Self.longest)), below: "")
    } catch {
      failure = error
    }
    guard folders.isEmpty else { return }
    if let text = ProcFile("/proc/1/mounts", kernel, limit: Self.longest).text {
      take(ProcMounts(text), below: "/proc/1/root")
    }
    // What could not be read does not say that there are none.
    if folders.isEmpty, let failure { throw failure }
  }

  /// Hosts of containers can have thousands of mounts.
  private static let longest = 1 << 24

  private init() {}

  static let none = CgroupMounts()

  private mutating func take(_ mounts: ProcMounts, below root: String) {
    for mount in mounts.mounts {
      guard let hierarchy = Self.hierarchy(mount), folders[hierarchy] == nil else { continue }
      folders[hierarchy] = Array(root.utf8) + mount.folder
    }
  }

  private static func hierarchy(_ mount: ProcMounts.Mount) -> Hierarchy? {
    if mount.type.elementsEqual("cgroup2".utf8) { return .unified }
    guard mount.type.elementsEqual("cgroup".utf8) else { return nil }
    if mount.options.contains(Array("freezer".utf8)) { return .freezer }
    return mount.options.contains(Array("cpu".utf8)) ? .cpu : nil
  }

  /// The folder of the root group; nil when the hierarchy is not mounted.
  func root(_ hierarchy: Hierarchy) -> String? {
    folders[hierarchy].map { String(rawBytes: $0) }
  }

  /// The folder of a group. One outside our cgroup namespace has a path with `/..`, which is no
  /// place in our mount.
  func folder(of group: [UInt8]?, _ hierarchy: Hierarchy) -> String? {
    guard let root = root(hierarchy), let group, !group.starts(with: "/..".utf8) else { return nil }
    return group == [47] ? root : root + String(rawBytes: group)
  }
}

/// Small files of control groups, each read once, so this is good for one moment.
final class CgroupFiles: Sendable {
  private let kernel: any Kernel
  private let state = Mutex(State())

  private struct State: Sendable {
    var mounts: CgroupMounts?
    var texts: [String: [UInt8]?] = [:]
  }

  init(through kernel: any Kernel) { self.kernel = kernel }

  /// The folders of a group and of those above it, the root's last; none when it is not in our view.
  func folders(of group: [UInt8]?, _ hierarchy: CgroupMounts.Hierarchy) -> [Place] {
    let mounts = mounts
    var places: [Place] = []
    guard let group, group.count <= Self.longestPath else { return [] }
    var rest: ArraySlice<UInt8>? = group[...]
    while places.count < Self.deepest, let path = rest,
      let folder = mounts.folder(of: Array(path), hierarchy)
    {
      places.append(Place(group: Array(path), folder: folder))
      guard path != [47], let slash = path.lastIndex(of: 47) else { break }
      rest = slash == path.startIndex ? [47] : path[..<slash]
    }
    return places
  }

  /// `PATH_MAX`, which the kernel's own names do not reach; and more levels than any host has.
  private static let longestPath = 4096
  private static let deepest = 64

  struct Place: Sendable {
    var group: [UInt8]
    var folder: String
  }

  /// What is in a file; nil when it cannot be read.
  func text(_ path: String) -> [UInt8]? {
    if let known = state.withLock({ $0.texts[path] }) { return known }
    let text = ProcFile(path, kernel, limit: 4096).text
    state.withLock { $0.texts[path] = .some(text) }
    return text
  }

  private var mounts: CgroupMounts {
    if let known = state.withLock({ $0.mounts }) { return known }
    let found = (try? CgroupMounts(through: kernel)) ?? .none
    state.withLock { $0.mounts = found }
    return found
  }
}

/// The limits of processor time that control groups have. Each file is read once, so this is good
/// for one moment.
struct CPUQuotas: Sendable {
  private let files: CgroupFiles

  init(through kernel: any Kernel) { self.init(CgroupFiles(through: kernel)) }

  init(_ files: CgroupFiles) { self.files = files }

  /// The tightest limit of a process's group and those above it; nil without a limit, and where we
  /// may not see it. Reads one or two files for each group on that way.
  func quota(of groups: ProcCgroup) -> CPUQuota? {
    let unified = files.folders(of: groups.unified, .unified).compactMap(unified)
    let old = files.folders(of: groups.cpu, .cpu).compactMap(old)
    return (unified + old).min { $0.processors < $1.processors }
  }

  private func unified(_ place: CgroupFiles.Place) -> CPUQuota? {
    let limit = files.text(place.folder + "/cpu.max").flatMap { CgroupCPUMax.decode($0.span) }
    return limit.flatMap { quota($0, place) }
  }

  private func old(_ place: CgroupFiles.Place) -> CPUQuota? {
    guard let quota = files.text(place.folder + "/cpu.cfs_quota_us"),
      let period = files.text(place.folder + "/cpu.cfs_period_us"),
      let limit = CgroupCPUMax.decode(quota: quota, period: period)
    else { return nil }
    return self.quota(limit, place)
  }

  private func quota(_ limit: CgroupCPUMax, _ place: CgroupFiles.Place) -> CPUQuota? {
    guard let quota = limit.quota else { return nil }
    let stat = files.text(place.folder + "/cpu.stat").map { CgroupCPUStat.decode($0.span) }
    return CPUQuota(
      group: place.group, quota: quota, period: limit.period, periods: stat?.periods,
      throttledPeriods: stat?.throttled, throttledTime: stat?.throttledTime)
  }
}

/// Which control groups are frozen. Each is asked once, so this is good for one moment.
struct FrozenCgroups: Sendable {
  private let files: CgroupFiles

  init(through kernel: any Kernel) { self.init(CgroupFiles(through: kernel)) }

  init(_ files: CgroupFiles) { self.files = files }

  /// nil when neither version of the control groups tells.
  func isFrozen(_ groups: ProcCgroup) -> Bool? {
    let said = [
      ask(groups.unified, .unified, "cgroup.events"),
      ask(groups.freezer, .freezer, "freezer.state"),
    ].compactMap(\.self)
    return said.isEmpty ? nil : said.contains(true)
  }

  /// A group's file also tells that one above it is frozen.
  private func ask(
    _ group: [UInt8]?, _ hierarchy: CgroupMounts.Hierarchy, _ name: String
  ) -> Bool? {
    files.folders(of: group, hierarchy).first
      .flatMap { files.text("\($0.folder)/\(name)") }.flatMap(Self.decode)
  }

  /// `populated 1\nfrozen 0` of version 2; `THAWED`, `FREEZING` or `FROZEN` of version 1.
  static func decode(_ text: [UInt8]) -> Bool? {
    for line in text.split(separator: 10) {
      switch String(rawBytes: line) {
      case "frozen 1", "FROZEN", "FREEZING": return true
      case "frozen 0", "THAWED": return false
      default: continue
      }
    }
    return nil
  }
}
