import Synchronization

/// The cgroup v2 tree: which group a socket's `INET_DIAG_CGROUP_ID` means.
///
/// The tree is walked once, when first asked; a group made after that is not found.
public final class Cgroups: Sendable {
  private let kernel: any Kernel
  private let tree = Mutex<ControlGroupsTree?>(nil)

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

  private func withTree<Value: Sendable>(_ look: (ControlGroupsTree) -> Value) -> Value {
    tree.withLock { known in
      let tree = known ?? ControlGroupsTree(through: kernel)
      known = tree
      return look(tree)
    }
  }
}
