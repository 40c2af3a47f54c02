extension NamespaceFinder {
  /// Describes namespaces against our own one and the named ones.
  struct Surveyor {
    let file: NamespaceFinderFile
    let names: NamespaceFinderNames
    let own: NetworkNamespace

    init(_ kernel: any Kernel) {
      file = NamespaceFinderFile(kernel: kernel)
      names = NamespaceFinderNames(through: kernel)
      let inode = file.namespace(at: NamespaceFinderFile.own) ?? 0
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
