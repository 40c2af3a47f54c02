import Glibc
import ProcNet
import TestSupport

/// The ways by which sockets are listed, which have to tell the same.
enum ListingWay: String, CaseIterable, CustomStringConvertible {
  case sockDiag = "sock_diag"
  case proc = "/proc/net"
  case recording = "a recording of sock_diag"

  var description: String { rawValue }

  /// The length that a TCP listener's queue may have, cookies, which of two IPv6 wildcards takes
  /// IPv4, queues, users and other ends of unix sockets: `/proc/net` has none of these.
  var knowsAll: Bool { self != .proc }

  private var source: any SocketSource { self == .proc ? ProcSource() : DiagSource() }

  /// A kernel whose answers do not change, when that is the way.
  func kernel() throws -> any Kernel {
    self == .recording ? try Self.recorded() : LiveKernel()
  }

  /// Lists on the spot once the host shows what is expected: a listing is no snapshot, and what
  /// was sent over loopback arrives a moment later. After five seconds it lists what there is.
  func sockets(
    _ query: SocketQuery = SocketQuery(netids: .all, details: .all),
    when isReady: ([Socket]) -> Bool = { _ in true }
  ) throws -> [Socket] {
    let live = LiveKernel()
    for _ in 0..<500 {
      if isReady(try list(query, live).sockets) { break }
      usleep(10_000)
    }
    return try list(query, try kernel()).sockets
  }

  func list(
    _ query: SocketQuery, _ kernel: any Kernel
  ) throws -> (sockets: [Socket], gaps: [Gap]) {
    var found: [Socket] = []
    var gaps: [Gap] = []
    try source.list(query, through: kernel, gaps: &gaps) { found.append(copy $0) }
    return (found, gaps)
  }

  private static func recorded() throws -> RecordedKernel {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let live = LiveKernel()
    let path = folder.file("host")
    let writer = try RecordingWriter(to: path, header: .now(through: live, program: "test"))
    _ = try HostRecorder.record(through: live, into: writer)
    try writer.finish()
    return try RecordedKernel(path: path)
  }
}

extension [Socket] {
  /// The sockets that this descriptor holds.
  func of(_ descriptor: Int32) -> [Socket] {
    let inode = OpenSockets.inode(of: descriptor)
    return filter { $0.inode == inode && inode != 0 }
  }

  /// The connections, and the listener for port 0, with these ports.
  func from(_ local: UInt16, to peer: UInt16) -> [Socket] {
    filter { $0.local.port == local && $0.peer.port == peer }
  }
}
