/// `/proc/<pid>/mountinfo`: what a process sees mounted where, one line each.
///
///     36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
///     91 29 0:48 / /srv/data rw,relatime shared:44 - nfs4 10.0.0.5:/export rw,vers=4.2,hard
///     95 29 0:52 / /mnt/s3 rw,nosuid,nodev - fuse.s3fs s3fs rw,user_id=0,group_id=0
///
/// Between the options and the `-` stand any number of tags (`shared:44`, `master:1`).
public struct ProcMountInfo: Sendable, Hashable {
  /// One line: a file system, or a part of one, at one folder.
  public struct Mount: Sendable, Hashable {
    /// What `mnt_id` in `fdinfo` means.
    public var id: Int32
    /// The mount that its folder is in; its own number at the top.
    public var parent: Int32
    /// The device of the file system, as `/proc/locks` names it; not always that of `stat` (btrfs).
    public var device: DeviceNumber
    /// The folder of the file system that is seen here: `/`, or a part of it.
    public var root: [UInt8]
    /// Where it is mounted, as the process sees its files.
    public var folder: [UInt8]
    /// Of this mount: `ro`, `nosuid`, `relatime`.
    public var options: [[UInt8]]
    /// The optional fields: `shared:44`, `master:1`.
    public var tags: [[UInt8]]
    /// `ext4`, `nfs4`, `fuse.sshfs`, `overlay`.
    public var type: [UInt8]
    /// A device, `server:/export`, or what the program behind FUSE calls itself.
    public var source: [UInt8]
    /// Of the file system: with NFS its version, `hard` or `soft`, time-outs.
    public var fileSystemOptions: [[UInt8]]

    /// Somebody else answers for its files: a server, or a program (FUSE). Only such a file system
    /// can hang while the host's own disks are well.
    public var isRemote: Bool {
      if type.starts(with: "fuse".utf8) {
        // fuseblk has a disk below it, but the program in between can hang all the same.
        return !type.elementsEqual("fusectl".utf8)
      }
      return ProcMountInfo.remote.contains(type)
    }
  }

  /// In the kernel's order: of two on one folder the later one lies on top.
  public private(set) var mounts: [Mount] = []

  private static let remote = Set(
    [
      "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "virtiofs", "ceph", "afs", "glusterfs", "gfs2",
      "ocfs2", "lustre", "beegfs", "gpfs", "pvfs2", "orangefs", "ncpfs", "coda", "autofs",
    ].map { Array($0.utf8) })

  /// Lines that are not what they should be are left out.
  public init(_ text: [UInt8]) {
    mounts = text.split(separator: 10).compactMap { Mount($0) }
  }

  /// Where a path leads: the mount on the longest folder that contains it, of several on one folder
  /// the top one. Links and `..` in the path are not followed; nil for a relative path.
  public func mount(of path: [UInt8]) -> Mount? {
    guard path.first == UInt8(ascii: "/") else { return nil }
    var found: Mount?
    for mount in mounts where mount.contains(path) {
      if mount.folder.count >= found?.folder.count ?? 0 { found = mount }
    }
    return found
  }

  /// The mount with this number, as `fdinfo` names it.
  func mount(id: Int32) -> Mount? { mounts.first { $0.id == id } }
}

/// Major and minor number of a device.
public struct DeviceNumber: Sendable, Hashable {
  /// The kind of device; 0 for file systems without one.
  public var major: UInt32
  /// Which of its kind.
  public var minor: UInt32

  /// Joins the two numbers.
  public init(major: UInt32, minor: UInt32) {
    self.major = major
    self.minor = minor
  }

  /// From `st_dev`, which is put together as `makedev` of the C library does it.
  public init(statDevice device: UInt64) {
    major = UInt32(truncatingIfNeeded: device >> 32 & 0xFFFF_F000 | device >> 8 & 0xFFF)
    minor = UInt32(truncatingIfNeeded: device >> 12 & 0xFFFF_FF00 | device & 0xFF)
  }

  /// `8:1`, in decimal digits.
  fileprivate init?(_ field: ArraySlice<UInt8>) {
    let parts = field.split(separator: 58, omittingEmptySubsequences: false)
    guard parts.count == 2, let major = UInt32(procDigits: parts[0]),
      let minor = UInt32(procDigits: parts[1])
    else { return nil }
    self.init(major: major, minor: minor)
  }
}

extension ProcMountInfo.Mount {
  fileprivate init?(_ line: ArraySlice<UInt8>) {
    // The source can be empty, and then two spaces follow each other.
    let fields = line.split(separator: 32, omittingEmptySubsequences: false)
    // The first `-` behind the options ends the tags.
    guard let end = fields.dropFirst(6).firstIndex(where: { $0.elementsEqual("-".utf8) }),
      fields.count >= end + 4, let id = Int32(procDigits: fields[0]),
      let parent = Int32(procDigits: fields[1]), let device = DeviceNumber(fields[2])
    else { return nil }
    self.id = id
    self.parent = parent
    self.device = device
    root = OctalEscape.decode(fields[3])
    folder = OctalEscape.decode(fields[4])
    options = Self.list(fields[5])
    tags = fields[6..<end].map(Array.init)
    type = Array(fields[end + 1])
    source = OctalEscape.decode(fields[end + 2])
    fileSystemOptions = Self.list(fields[end + 3])
  }

  private static func list(_ field: ArraySlice<UInt8>) -> [[UInt8]] {
    field.split(separator: 44).map(Array.init)
  }

  fileprivate func contains(_ path: [UInt8]) -> Bool {
    guard path.starts(with: folder) else { return false }
    return folder.last == UInt8(ascii: "/") || path.count == folder.count
      || path[folder.count] == UInt8(ascii: "/")
  }
}
