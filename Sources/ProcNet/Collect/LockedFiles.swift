/// Which open files of a process another process has a lock on.
///
/// For waiters that do not show in `/proc/locks`, because they try again and again between short
/// sleeps, as SQLite does: they have the file open, and that is all there is.
public struct LockedFiles: Sendable {
  /// A descriptor that leads to a file with a lock of another process on it.
  public struct LockedFile: Sendable, Hashable {
    /// The number of the descriptor in the process that was asked for.
    public var descriptor: Int32
    /// As the process sees it.
    public var path: [UInt8]
    /// What the other one has. One that is not for writing keeps only writers out.
    public var lock: ProcLocks.Lock
    /// nil when only the inode is the same: the device of the file could not be told.
    public var isSameDevice: Bool?

    /// Who has the lock; nil for one that belongs to an open file (`OFDLCK`).
    public var holder: Int32? { lock.process }
  }

  /// Descriptors of one process that are asked where they lead.
  private static let mostDescriptors = 256

  private let kernel: any Kernel
  private let held: [UInt64: [ProcLocks.Lock]]

  /// Of the locks those that are held count, and only those on a file.
  public init(_ locks: ProcLocks, through kernel: any Kernel) {
    self.kernel = kernel
    held = Dictionary(
      grouping: locks.locks.filter { !$0.isWaiting && $0.kind != .other && $0.inode != nil },
      by: { $0.inode ?? 0 })
  }

  /// Ascending by descriptor; none when the descriptors are not known.
  ///
  /// Reads one small file for each of them, but nothing at all when nobody else has a lock. No file
  /// system is asked that could hang.
  public func files(of process: ProcessSnapshot) -> [LockedFile] {
    files(of: process.process, process.descriptors ?? [:])
  }

  func files(of process: Int32, _ descriptors: [Int32: DescriptorTarget]) -> [LockedFile] {
    guard held.values.contains(where: { $0.contains { $0.process != process } }) else { return [] }
    var search = LockSearch(kernel: kernel, process: process, held: held)
    return descriptors.filter { $0.value.isFile }.sorted { $0.key < $1.key }
      .prefix(Self.mostDescriptors).flatMap { search.locked($0.key, $0.value.link) }
  }
}

/// The search through the descriptors of one process, which reads its mounts when first needed.
private struct LockSearch {
  let kernel: any Kernel
  let process: Int32
  let held: [UInt64: [ProcLocks.Lock]]
  private lazy var mounts = ProcMountInfo(of: process, through: kernel)

  init(kernel: any Kernel, process: Int32, held: [UInt64: [ProcLocks.Lock]]) {
    self.kernel = kernel
    self.process = process
    self.held = held
  }

  mutating func locked(_ descriptor: Int32, _ path: [UInt8]) -> [LockedFiles.LockedFile] {
    guard let text = ProcFile("/proc/\(process)/fdinfo/\(descriptor)", kernel).text else {
      return []
    }
    let info = ProcFdinfo.decode(text.span)
    guard let inode = info.inode ?? inode(of: descriptor, info), let locks = held[inode]
    else { return [] }
    let device = device(of: info)
    return locks.filter { lock in
      lock.process != process && !info.locks.contains { $0.isSame(as: lock) }
        && (device == nil || lock.device == device)
    }.map { lock in
      LockedFiles.LockedFile(
        descriptor: descriptor, path: path, lock: lock, isSameDevice: device.map { _ in true })
    }
  }

  /// That of the file system, which `/proc/locks` means; what `stat` says is another one on btrfs.
  private mutating func device(of info: ProcFdinfo) -> DeviceNumber? {
    info.mount.flatMap { mounts?.mount(id: $0)?.device }
  }

  /// Before Linux 5.14 only `stat` tells, which must not be asked of a server that may not answer.
  private mutating func inode(of descriptor: Int32, _ info: ProcFdinfo) -> UInt64? {
    guard let mount = info.mount.flatMap({ mounts?.mount(id: $0) }), !mount.isRemote else {
      return nil
    }
    return (try? kernel.identity(of: "/proc/\(process)/fd/\(descriptor)"))?.inode
  }
}

extension DescriptorTarget {
  /// It leads to a path that is no terminal.
  var isFile: Bool { if case .file = self { true } else { false } }
}

extension ProcLocks.Lock {
  /// The same lock in another file: the numbers of lines differ.
  fileprivate func isSame(as other: ProcLocks.Lock) -> Bool {
    var copy = self
    copy.number = other.number
    return copy == other
  }
}

extension ProcMountInfo {
  /// Hosts of containers can have thousands of mounts.
  private static let longest = 1 << 24

  /// What a process sees mounted; nil when it has ended or we may not know.
  ///
  /// The kernel writes the file without asking any file system, so a mount that hangs does not hold
  /// the reader.
  public init?(of process: Int32, through kernel: any Kernel) {
    let file = ProcFile("/proc/\(process)/mountinfo", kernel, limit: Self.longest)
    guard let text = file.text, !text.isEmpty else { return nil }
    self.init(text)
  }
}
