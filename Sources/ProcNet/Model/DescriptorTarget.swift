/// What a descriptor leads to, from its link in `/proc/<pid>/fd`.
public enum DescriptorTarget: Sendable, Hashable {
  /// `socket:[7]`.
  case socket(UInt32)
  /// `pipe:[7]`; a FIFO with a name is a `file`.
  case pipe(UInt64)
  /// `anon_inode:[eventpoll]`.
  case eventPoll
  /// `anon_inode:[eventfd]`: threads and processes wake each other with it.
  case event
  /// `anon_inode:[signalfd]`.
  case signal
  /// `anon_inode:[timerfd]`.
  case timer
  /// A process, mostly a child, readable when it has ended: `anon_inode:[pidfd]`, since Linux 6.9
  /// `pidfd:[7]`. `ProcFdinfo.process` tells which.
  case process
  /// `/dev/pts/7`, `/dev/tty1`, `/dev/console`: the end of a terminal that programs have.
  case terminal([UInt8])
  /// Any other absolute path, with ` (deleted)` behind it when the file has no name any more. Also
  /// files without a place: `/memfd:x (deleted)`.
  case file([UInt8])
  /// Any other: `anon_inode:inotify`, `net:[7]`, raw.
  case other([UInt8])

  /// The link, as the kernel writes it.
  public var link: [UInt8] {
    switch self {
    case .socket(let inode): Array("socket:[\(inode)]".utf8)
    case .pipe(let inode): Array("pipe:[\(inode)]".utf8)
    case .eventPoll: Self.eventPollLink
    case .event: Self.eventLink
    case .signal: Self.signalLink
    case .timer: Self.timerLink
    case .process: Self.processLink
    case .terminal(let link), .file(let link), .other(let link): link
    }
  }

  /// The link as text; foreign, so control characters can be in it.
  public var name: String { String(decoding: link, as: UTF8.self) }

  private static let eventPollLink = Array("anon_inode:[eventpoll]".utf8)
  private static let eventLink = Array("anon_inode:[eventfd]".utf8)
  private static let signalLink = Array("anon_inode:[signalfd]".utf8)
  private static let timerLink = Array("anon_inode:[timerfd]".utf8)
  private static let processLink = Array("anon_inode:[pidfd]".utf8)
  private static let pipe = Array("pipe:[".utf8)
  private static let processFile = Array("pidfd:[".utf8)

  private static let anonymous: [[UInt8]: DescriptorTarget] = [
    eventPollLink: .eventPoll, eventLink: .event, signalLink: .signal, timerLink: .timer,
    processLink: .process,
  ]

  init(link: Span<UInt8>) {
    if let inode = Self.socketInode(link) {
      self = .socket(inode)
      return
    }
    let text = link.copied()
    switch text.first {
    case UInt8(ascii: "/"): self = Self.isTerminal(text) ? .terminal(text) : .file(text)
    case UInt8(ascii: "a"): self = Self.anonymous[text] ?? .other(text)
    default: self = Self.numbered(text)
    }
  }

  private static func numbered(_ text: [UInt8]) -> DescriptorTarget {
    if let inode = number(text, behind: pipe) { return .pipe(inode) }
    return number(text, behind: processFile) == nil ? .other(text) : .process
  }

  private static func number(_ text: [UInt8], behind start: [UInt8]) -> UInt64? {
    guard text.starts(with: start), text.last == UInt8(ascii: "]") else { return nil }
    return UInt64(procDigits: text.dropFirst(start.count).dropLast())
  }

  /// `/dev/ptmx`, the other end, does not count: the program that has it shows the terminal.
  private static func isTerminal(_ path: [UInt8]) -> Bool {
    if path.starts(with: "/dev/tty".utf8) || path.elementsEqual("/dev/console".utf8) { return true }
    return path.starts(with: "/dev/pts/".utf8)
      && path.dropFirst("/dev/pts/".utf8.count).first.map { 48...57 ~= $0 } ?? false
  }

  /// `socket:[` read as one number.
  private static let socket: UInt64 = 0x5B3A_7465_6B63_6F73

  /// The inode of a socket; nil for every other link, a file named like a socket included, since
  /// links to files begin with `/`. For walks over all descriptors of a host.
  @inline(__always)
  static func socketInode(_ link: Span<UInt8>) -> UInt32? {
    guard link.count >= 10, link.number64(at: 0) == socket else { return nil }
    return inode(in: link, from: 8)
  }

  /// The inode of a network namespace, `net:[4026531840]`; nil for every other kind.
  static func networkNamespaceInode(_ link: [UInt8]) -> UInt32? {
    link.starts(with: Array("net:[".utf8)) ? inode(in: link.span, from: 5) : nil
  }

  /// Decimal digits up to a `]` that ends the link. The kernel's inode numbers of sockets and
  /// namespaces are 32 bits wide; a larger one is no match.
  private static func inode(in link: Span<UInt8>, from start: Int) -> UInt32? {
    let end = link.count - 1
    guard start < end, end - start <= 10, link[end] == UInt8(ascii: "]") else { return nil }
    var value: UInt64 = 0
    for index in start..<end {
      guard link[index] >= 48, link[index] <= 57 else { return nil }
      value = value * 10 + UInt64(link[index] - 48)
    }
    return UInt32(exactly: value)
  }
}
