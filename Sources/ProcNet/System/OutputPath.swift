import CLinux
import Glibc

/// Finds what a path to write to leads to, without following anything that another user could
/// have put there.
///
/// The tool runs as root and writes where others can write too: in /tmp, in somebody's home. There
/// a link, pipe or device can be a trap, whatever `fs.protected_symlinks` and `fs.protected_fifos`
/// say. So each part of the path is opened on its own, relative to the folder before it, and what
/// is open is looked at: a link is followed, and a pipe or device written to, only if nobody else
/// could have made it.
struct OutputPath: ~Copyable {
  /// The path as the user named it, for errors.
  private let subject: String
  private var folder: OutputLocation.OpenFolder
  /// The parts that are still to be walked, the next one last; each with a 0 at its end.
  private var parts: [[CChar]] = []
  /// As many as the kernel follows.
  private var linksLeft = 40

  /// What is at the end of a path.
  enum Target: ~Copyable {
    /// A pipe, device or descriptor, open for writing.
    case open(Descriptor)
    /// A file, or nothing yet.
    case file(OutputLocation)
  }

  init(_ path: [UInt8], subject: String) throws(KernelError) {
    self.subject = subject
    guard !path.isEmpty else { throw KernelError("write", subject, .system(ENOENT)) }
    folder = try Self.start(of: path, subject)
    take(path)
  }

  private static func start(
    of path: [UInt8], _ subject: String
  ) throws(KernelError) -> OutputLocation.OpenFolder {
    let start = path.first == slash ? "/" : "."
    let number = try SystemCall.retrying("write", subject) {
      unsafe open(start, placeFlags | O_DIRECTORY)
    }
    return .init(Descriptor(number))
  }

  private mutating func take(_ path: [UInt8]) {
    var next = path.split(separator: Self.slash).map { $0.map(CChar.init(bitPattern:)) + [0] }
    // A slash at the end asks for a folder.
    if path.last == Self.slash { next.append(Self.dot) }
    parts += next.reversed()
  }

  private static let slash = UInt8(ascii: "/")
  private static let dot = Array(".".utf8CString)
  private static let dotDot = Array("..".utf8CString)
  private static let placeFlags = SOCKINSPECT_O_PATH | O_CLOEXEC

  consuming func find() throws(KernelError) -> Target {
    while let part = parts.popLast() {
      if let target = try walk(part) { return target }
    }
    throw failure(EISDIR)
  }

  /// Goes one part on; answers what was found when it was the last one.
  private mutating func walk(_ part: [CChar]) throws(KernelError) -> Target? {
    if part == Self.dot { return nil }
    if !parts.isEmpty || part == Self.dotDot {
      // Asking for a folder also makes the kernel mount what is mounted on demand.
      do throws(KernelError) {
        folder = .init(try openPlace(part, flags: O_DIRECTORY))
        return nil
      } catch {
        guard error.number == ENOTDIR else { throw error }
      }
    }
    let entry: Descriptor
    do throws(KernelError) {
      entry = try openPlace(part)
    } catch {
      guard error.number == ENOENT, parts.isEmpty else { throw error }
      return .file(place(part))
    }
    return try meet(entry, part)
  }

  private func openPlace(_ part: [CChar], flags: Int32 = 0) throws(KernelError) -> Descriptor {
    let all = Self.placeFlags | O_NOFOLLOW | flags
    return Descriptor(try attempt { unsafe openat(folder.descriptor.number, part, all) })
  }

  /// Decides on something that is no folder on the way.
  private mutating func meet(
    _ entry: consuming Descriptor, _ part: [CChar]
  ) throws(KernelError) -> Target? {
    let status = try self.status(of: entry)
    let kind = status.st_mode & S_IFMT
    guard kind == S_IFLNK || parts.isEmpty else { throw failure(ENOTDIR) }
    switch kind {
    case S_IFREG: return .file(place(part))
    case S_IFDIR: throw failure(EISDIR)
    case S_IFLNK:
      try refuseTrap("it leads through a link", status)
      return try follow(entry, part)
    default:
      let what = kind == S_IFIFO ? "pipe" : kind == S_IFSOCK ? "socket" : "device"
      try refuseTrap("it is a \(what)", status)
      return .open(try openInPlace(part, status))
    }
  }

  private mutating func follow(
    _ link: consuming Descriptor, _ part: [CChar]
  ) throws(KernelError) -> Target? {
    linksLeft -= 1
    guard linksLeft >= 0 else { throw failure(ELOOP) }
    if folder.descriptor.isInProc { return try followInProc(part) }
    var text = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = try attempt { unsafe readlinkat(link.number, "", &text, text.count) }
    let target = text[..<count].map { UInt8(bitPattern: $0) }
    if target.first == Self.slash { folder = try Self.start(of: target, subject) }
    take(target)
    return nil
  }

  /// Many links of /proc are more than their text: the kernel has to follow them. Those of our own
  /// descriptors mean these descriptors, as in a shell's redirections.
  private mutating func followInProc(_ part: [CChar]) throws(KernelError) -> Target? {
    let number = folder.descriptor.number
    guard parts.isEmpty else {
      let next = try attempt { unsafe openat(number, part, Self.placeFlags | O_DIRECTORY) }
      folder = .init(Descriptor(next))
      return nil
    }
    if try isOwnDescriptors(), let own = Self.number(part) {
      return .open(try Descriptor(copying: own, "write", subject))
    }
    let flags = O_WRONLY | O_CLOEXEC | O_NOCTTY | O_TRUNC
    return .open(Descriptor(try attempt { unsafe openat(number, part, flags) }))
  }

  private static func number(_ part: [CChar]) -> Int32? {
    Int32(String(decoding: part.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
  }

  /// Opens a pipe or device, and makes sure that it is the one that was looked at.
  private func openInPlace(_ part: [CChar], _ seen: stat) throws(KernelError) -> Descriptor {
    let flags = O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW
    let opened = Descriptor(
      try attempt { unsafe openat(folder.descriptor.number, part, flags) })
    let status = try status(of: opened)
    guard status.st_dev == seen.st_dev, status.st_ino == seen.st_ino else {
      throw KernelError("write", subject, .malformed("it was replaced while it was opened"))
    }
    return opened
  }

  private func place(_ part: [CChar]) -> OutputLocation {
    OutputLocation(folder: folder, name: part, subject: subject)
  }

  private func refuseTrap(_ what: String, _ entry: stat) throws(KernelError) {
    let surroundings = try status(of: folder.descriptor)
    guard !OutputTrust.isOurs(entry, in: surroundings) else { return }
    throw KernelError(
      "write", subject, .malformed("\(what) that another user may have put there"))
  }

  private func isOwnDescriptors() throws(KernelError) -> Bool {
    let here = try status(of: folder.descriptor)
    var own = stat()
    guard unsafe stat("/proc/self/fd", &own) == 0 else { return false }
    return here.st_dev == own.st_dev && here.st_ino == own.st_ino
  }

  private func status(of descriptor: borrowing Descriptor) throws(KernelError) -> stat {
    var status = stat()
    let number = descriptor.number
    _ = try SystemCall.retrying("write", subject) { unsafe fstat(number, &status) }
    return status
  }

  private func attempt<Result: FixedWidthInteger>(
    _ call: () -> Result
  ) throws(KernelError) -> Result {
    try SystemCall.retrying("write", subject, call)
  }

  private func failure(_ number: Int32) -> KernelError {
    KernelError("write", subject, .system(number))
  }
}

/// Decides whether something in a folder can be another user's.
///
/// The rule is that of `fs.protected_symlinks`, and stricter: it holds in every folder that others
/// can write, not just in sticky ones, and it does not believe in a file's owner where a hard link
/// could have brought the file there.
enum OutputTrust {
  /// Whether only we or root can have put an entry into its folder.
  static func isOurs(_ entry: stat, in folder: stat) -> Bool {
    guard isTrusted(folder.st_uid) || folder.st_uid == rootOwner else { return false }
    let others = folder.st_mode & (S_IWGRP | S_IWOTH)
    if others == 0 { return true }
    guard isTrusted(entry.st_uid), entry.st_nlink == 1 else { return false }
    return folder.st_mode & S_ISVTX != 0 || isPrivateGroup(folder, entry)
  }

  private static func isTrusted(_ user: uid_t) -> Bool { user == 0 || user == geteuid() }

  /// In a user namespace root's files can have no owner that we know; the root folder's owner is
  /// root there as well.
  private static var rootOwner: uid_t? {
    var status = stat()
    return unsafe stat("/", &status) == 0 ? status.st_uid : nil
  }

  /// A folder of ours that our own group can write, as a umask of 002 makes them where each user
  /// has a group of his own. Root has to expect others in its groups.
  private static func isPrivateGroup(_ folder: stat, _ entry: stat) -> Bool {
    folder.st_mode & S_IWOTH == 0 && geteuid() != 0 && folder.st_uid == geteuid()
      && folder.st_gid == getegid() && entry.st_uid == geteuid()
  }
}
