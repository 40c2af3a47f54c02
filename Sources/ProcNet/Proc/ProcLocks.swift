/// `/proc/locks`: locks on files and who waits for them, readable by everybody.
///
///     3: FLOCK  ADVISORY  WRITE 24316 fe:00:16220194 0 EOF
///     3: -> FLOCK  ADVISORY  WRITE 25417 fe:00:16220194 0 EOF
///
/// A line with an arrow waits for the lock with its number, or for another that waits for it (then
/// the arrow stands further to the right). Locks of processes that our pid namespace does not have
/// are left out by the kernel.
public struct ProcLocks: Sendable, Hashable {
  /// One line: a lock that somebody has, or waits for.
  public struct Lock: Sendable, Hashable {
    /// What waiters and the lock they wait for have in common, in this text only.
    public var number: UInt64
    /// It waits; otherwise it has the lock.
    public var isWaiting: Bool
    /// What kind of lock it is.
    public var kind: Kind
    /// Exclusive: nobody else may have the file.
    public var isForWriting: Bool
    /// The process that took the lock or waits for it. It may have ended: a child can have
    /// inherited a lock of flock. nil for locks that belong to an open file (`OFDLCK`).
    public var process: Int32?
    /// The major number of the file's device; nil when the lock has no file.
    public var major: UInt32?
    /// The minor number of the device, likewise.
    public var minor: UInt32?
    /// The file's inode in its file system, likewise.
    public var inode: UInt64?
    /// The first byte that is locked; nil where it could not be read. flock always locks all.
    public var start: UInt64?
    /// The last byte that is locked; nil for all from `start` on.
    public var end: UInt64?

    /// The device of the file; nil when the lock has no file.
    public var device: DeviceNumber? {
      guard let major, let minor else { return nil }
      return DeviceNumber(major: major, minor: minor)
    }
  }

  /// How a lock was taken, and so whom it belongs to.
  public enum Kind: Sendable, Hashable {
    /// By flock, by fcntl for the process, by fcntl for the open file.
    case flock, process, openFile
    /// Leases, delegations and whatever comes.
    case other
  }

  /// All lines in the kernel's order, those that wait included.
  public private(set) var locks: [Lock] = []

  /// Lines that are not what they should be are left out.
  public init(_ text: [UInt8]) {
    text.span.forEachLine { line in
      if let lock = Self.lock(line) { locks.append(lock) }
    }
  }

  /// Who has what a process waits for; none when it waits for nothing, or nobody shows.
  public func holders(inTheWayOf process: Int32) -> [Lock] {
    let waiting = locks.filter { $0.isWaiting && $0.process == process }
    return locks.filter { lock in
      !lock.isWaiting && waiting.contains { $0.number == lock.number && $0.inode == lock.inode }
    }
  }

  /// Who has a lock on a file or waits for one, in the kernel's order.
  public func locks(on device: DeviceNumber, inode: UInt64) -> [Lock] {
    locks.filter { $0.inode == inode && $0.device == device }
  }

  private static func lock(_ line: Span<UInt8>) -> Lock? {
    var fields = FieldReader(line)
    return lock(&fields)
  }

  /// `fdinfo` has such lines as well, behind `lock:`.
  static func lock(_ fields: inout FieldReader) -> Lock? {
    fields.skipSpaces()
    guard let number = fields.decimal(), fields.skip(word: ":") else { return nil }
    fields.skipSpaces()
    let isWaiting = fields.skip(word: "->")
    guard let kind = fields.textColumn(), fields.skipColumn(), let mode = fields.textColumn(),
      let process = fields.textColumn().flatMap({ Int32($0) }), let file = fields.textColumn()
    else { return nil }
    var lock = Lock(
      number: number, isWaiting: isWaiting, kind: Self.kind(kind), isForWriting: mode == "WRITE",
      process: process > 0 ? process : nil)
    lock.take(file: file)
    lock.start = fields.textColumn().flatMap { UInt64($0) }
    lock.end = fields.textColumn().flatMap { UInt64($0) }
    return lock
  }

  private static func kind(_ word: String) -> Kind {
    switch word {
    case "FLOCK": .flock
    case "POSIX", "ACCESS": .process
    case "OFDLCK": .openFile
    default: .other
    }
  }
}

extension ProcLocks.Lock {
  /// `fe:00:16220194`: major and minor in hexadecimal, the inode in decimal. `<none>:0` is none.
  fileprivate mutating func take(file: String) {
    let parts = file.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, let major = UInt32(parts[0], radix: 16),
      let minor = UInt32(parts[1], radix: 16), let inode = UInt64(parts[2])
    else { return }
    (self.major, self.minor, self.inode) = (major, minor, inode)
  }
}
