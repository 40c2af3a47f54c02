/// Where a listing of sockets comes from: sock_diag, or the tables under `/proc/<pid>/net`.
public protocol SocketSource: Sendable {
  /// Passes on every socket that the query asks for, table by table in `Netid`'s order (IPv4
  /// before IPv6 within a table), each once.
  ///
  /// What could not be read is added to `gaps`; only a failing sink ends the listing.
  func list(
    _ query: SocketQuery, through kernel: any Kernel, gaps: inout [Gap],
    _ sink: (borrowing Socket) throws(KernelError) -> Void
  ) throws(KernelError)
}

extension SocketSource {
  /// The same until the visitor says stop; answers what it said last.
  public func visit(
    _ query: SocketQuery, through kernel: any Kernel, gaps: inout [Gap],
    _ visitor: (borrowing Socket) throws(KernelError) -> VisitProgress
  ) throws(KernelError) -> VisitProgress {
    do throws(KernelError) {
      // Through the kernel's callbacks only an error comes back at once.
      try list(query, through: kernel, gaps: &gaps) { (socket) throws(KernelError) in
        if try visitor(socket) == .stop { throw .enough }
      }
      return .more
    } catch {
      guard error == .enough else { throw error }
      return .stop
    }
  }

  /// The same for callers that can do nothing about what could not be read.
  public func list(
    _ query: SocketQuery, through kernel: any Kernel,
    _ sink: (borrowing Socket) throws(KernelError) -> Void
  ) throws(KernelError) {
    var gaps: [Gap] = []
    try list(query, through: kernel, gaps: &gaps, sink)
  }
}

/// Whether a visitor of sockets wants more of them.
public enum VisitProgress: Sendable {
  case more, stop
}

/// Before Linux 6.17 the kernel writes uid 0 for every internet socket that has no file: waiting to
/// be accepted, or closed by its program. It does not know, and 0 would read as root.
struct UnknownUsers {
  /// Since when the kernel keeps the uid with the socket itself.
  private static let end = KernelRelease(6, 17)

  private let kernel: any Kernel
  /// Whether a 0 means root; asked when the first one comes by.
  private var isKnown: Bool?

  init(through kernel: any Kernel) { self.kernel = kernel }

  /// Takes the uid away that nothing stands behind.
  @inline(__always)
  mutating func clear(_ socket: inout Socket) {
    guard socket.inode == 0, socket.uid == 0, socket.netid.isInternet else { return }
    let known = isKnown ?? (KernelRelease(through: kernel).map { $0 >= Self.end } ?? false)
    isKnown = known
    if !known { socket.uid = nil }
  }
}

/// A kernel's version as `uname -r` has it, `6.12.38+deb13-amd64`, as far as it tells what the
/// kernel does: two numbers.
public struct KernelRelease: Sendable, Comparable {
  var major: Int
  var minor: Int

  /// `KernelRelease(6, 12)` is Linux 6.12.
  public init(_ major: Int, _ minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// Reads `/proc/sys/kernel/osrelease`; nil when there is none, or it begins otherwise.
  public init?(through kernel: any Kernel) {
    guard let text = try? kernel.contents(of: "/proc/sys/kernel/osrelease", limit: 4096) else {
      return nil
    }
    self.init(text)
  }

  /// Reads the text of `/proc/sys/kernel/osrelease`; nil when it does not begin with two numbers.
  init?(_ text: [UInt8]) {
    let numbers = text.split(separator: UInt8(ascii: "."), maxSplits: 2)
      .map { Int(String(decoding: $0.prefix { (48...57).contains($0) }, as: UTF8.self)) }
    guard numbers.count > 1, let major = numbers[0], let minor = numbers[1] else { return nil }
    self.init(major, minor)
  }

  /// The older one is less.
  public static func < (one: KernelRelease, other: KernelRelease) -> Bool {
    (one.major, one.minor) < (other.major, other.minor)
  }
}
