/// `/proc/<pid>/fdinfo/<fd>`: what the kernel says of one open file.
///
///     flags:	02000002
///     mnt_id:	24
///     ino:	16220194
///     lock:	1: FLOCK  ADVISORY  WRITE 24316 fe:00:16220194 0 EOF
///     tfd:        3 events:       19 data:     7fd500000003  pos:0 ino:7ece sdev:9
struct ProcFdinfo: Sendable, Hashable {
  /// `O_*` bits of `open` and `fcntl` (octal in the file): non-blocking is 0o4000.
  var flags: UInt32?
  /// The mount that it was opened on (since Linux 3.15), see `ProcMountInfo`.
  var mount: Int32?
  /// Inode of the file (since Linux 5.14).
  var inode: UInt64?
  /// Locks that this open file has, or its process on the file (since Linux 4.1).
  var locks: [ProcLocks.Lock] = []
  /// pidfd: the process behind it; nil also when that has ended.
  var process: Int32?
  /// epoll: what the instance watches, in the kernel's order.
  var watched: [WatchedDescriptor] = []

  init() {}

  static func decode(_ text: Span<UInt8>) -> ProcFdinfo {
    var info = ProcFdinfo()
    text.forEachLine { info.take($0) }
    return info
  }

  private mutating func take(_ line: Span<UInt8>) {
    var fields = FieldReader(line)
    if fields.skip(word: "tfd:") {
      if let target = Self.watched(&fields) { watched.append(target) }
    } else if fields.skip(word: "flags:") {
      flags = fields.textColumn().flatMap { UInt32($0, radix: 8) }
    } else if fields.skip(word: "mnt_id:") {
      mount = fields.decimalColumn().flatMap { Int32(exactly: $0) }
    } else if fields.skip(word: "ino:") {
      fields.skipSpaces()
      inode = fields.decimal()
    } else if fields.skip(word: "lock:") {
      if let lock = ProcLocks.lock(&fields) { locks.append(lock) }
    } else if fields.skip(word: "Pid:") {
      // -1 when it has ended, 0 when it is none of our pid namespace.
      process = fields.decimalColumn().flatMap { $0 > 0 ? Int32(exactly: $0) : nil }
    }
  }

  private static func watched(_ fields: inout FieldReader) -> WatchedDescriptor? {
    guard let number = fields.decimalColumn().flatMap({ Int32(exactly: $0) }),
      fields.skipTitle("events:"), let events = fields.hexadecimalColumn(most: 8),
      fields.skipTitle("data:"), fields.hexadecimalColumn(most: 16) != nil
    else { return nil }
    return WatchedDescriptor(
      descriptor: number, events: UInt32(truncatingIfNeeded: events), inode: inode(&fields))
  }

  private static func inode(_ fields: inout FieldReader) -> UInt64? {
    guard fields.skipTitle("pos:"), fields.skipColumn(), fields.skipTitle("ino:"),
      let inode = fields.hexadecimalColumn(most: 16), fields.isAtSpace
    else { return nil }
    return inode
  }
}

extension FieldReader {
  /// Passes `name:` and the spaces before it.
  fileprivate mutating func skipTitle(_ title: StaticString) -> Bool {
    skipSpaces()
    return skip(word: title)
  }
}
