/// Tells a network namespace by a file that leads to it.
struct NamespaceFinderFile {
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
      if let inode = OwnerIndexLink.networkNamespaceInode(link) { return inode }
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
