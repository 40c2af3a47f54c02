/// The named network namespaces: files under `/run/netns` on which a namespace is mounted.
struct NamespaceFinderNames {
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
    let file = NamespaceFinderFile(kernel: kernel)
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
