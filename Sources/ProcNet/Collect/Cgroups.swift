import Synchronization

/// The cgroup v2 tree: which group a socket's `INET_DIAG_CGROUP_ID` means.
///
/// The tree is walked once, when first asked; a group made after that is not found.
public final class Cgroups: Sendable {
  private let kernel: any Kernel
  private let tree = Mutex<CgroupTree?>(nil)

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
