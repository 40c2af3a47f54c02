/// Finds network namespaces and ways to reach them.
public struct NamespaceFinder: Sendable {
  private let kernel: any Kernel

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
    let listed = try OwnerIndexProcesses.read(through: kernel)
    let processes = NamespaceFinderProcesses(listed, surveyor.file)
    let hidden = OwnerIndexGaps(kernel: kernel)
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
    guard let listed = try? OwnerIndexProcesses.read(through: kernel) else { return false }
    return OwnerIndexGaps(kernel: kernel).hidden(.namespaces, "", listed) != nil
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
    for folder in NamespaceFinderNames.folders where isName {
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

  private func lowestProcess(in inode: UInt32, _ file: NamespaceFinderFile) -> Int32? {
    do throws(KernelError) {
      return try OwnerIndexProcesses.read(through: kernel).first {
        file.namespace(at: "/proc/\($0)/ns/net") == inode
      }
    } catch {
      return nil
    }
  }
}
