/// All groups below the cgroup v2 mount: a folder's inode is the group's number.
struct ControlGroupsTree: Sendable {
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
