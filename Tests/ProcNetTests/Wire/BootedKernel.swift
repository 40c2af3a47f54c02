import Foundation
import ProcNet

/// A kernel that `scripts/check-kernels` booted, and what is in `Tests/Fixtures/Kernels` of it: a
/// recording, and what the server of `Tests/Kernels` knew before and after it was made.
struct BootedKernel: Sendable, CustomStringConvertible {
  /// `6.12-with`: the version, and whether the modules of sock_diag were there.
  let name: String
  /// What is true of each socket, before the recording and after it.
  let truth: [(before: TrueSocket, after: TrueSocket)]
  let recording: RecordedKernel

  var description: String { name }

  static let withModules = named(ending: "-with")
  static let withoutModules = named(ending: "-without")

  private static let folder: URL = {
    var tests = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { tests.deleteLastPathComponent() }
    return tests.appendingPathComponent("Fixtures/Kernels")
  }()

  /// Empty when the folder cannot be read, which a test refuses.
  private static func named(ending: String) -> [BootedKernel] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix("\(ending).recording") }.sorted()
      .compactMap { try? BootedKernel(String($0.dropLast(".recording".count))) }
  }

  private struct Tellings: Decodable {
    var before, after: [TrueSocket]
  }

  init(_ name: String) throws {
    self.name = name
    let file = Self.folder.appendingPathComponent(name)
    let data = try Data(contentsOf: file.appendingPathExtension("truth.json"))
    let tellings = try JSONDecoder().decode(Tellings.self, from: data)
    truth = Array(zip(tellings.before, tellings.after)).map { (before: $0, after: $1) }
    recording = try RecordedKernel(path: file.appendingPathExtension("recording").path)
  }

  /// All sockets as the source reads them from the recording.
  func sockets(_ source: some SocketSource, _ details: SocketQuery.Details = .all) throws
    -> [Socket]
  {
    let query = SocketQuery(netids: .all, details: details)
    var found: [Socket] = []
    var gaps: [Gap] = []
    try source.list(query, through: recording, gaps: &gaps) { found.append(copy $0) }
    return found
  }
}

/// What the server of `Tests/Kernels` knew of a socket; a fact is nil where it says nothing.
struct TrueSocket: Decodable, Sendable {
  var kind, netid, state: String
  var inode: UInt32?
  var local, peer: String?
  var localPort, peerPort: UInt16?
  var recvQ, sendQ, limit, waiting, drops, datagrams: UInt32?
  var mark, tos, shutdown, v6only, `class`, `protocol`, interface, fanout: UInt32?
  var blockSize, blockCount, frameSize, frameCount: UInt32?
  var cgroup: UInt64?
  var congestion, congestionInfo, tcpInfo, upperLayer, path, name: String?

  private enum CodingKeys: String, CodingKey {
    case kind, netid, state, inode, local, peer
    case localPort = "local_port"
    case peerPort = "peer_port"
    case recvQ = "recv_q"
    case sendQ = "send_q"
    case limit, waiting, drops, datagrams, mark, tos, shutdown, v6only, `class`, `protocol`
    case interface, fanout, cgroup, congestion, path, name
    case blockSize = "block_size"
    case blockCount = "block_count"
    case frameSize = "frame_size"
    case frameCount = "frame_count"
    case congestionInfo = "congestion_info"
    case tcpInfo = "tcp_info"
    case upperLayer = "upper_layer"
  }

  /// By the inode, or by both ends when no file has the socket.
  func isSame(_ socket: Socket) -> Bool {
    if let inode, inode != 0 { return socket.inode == inode }
    return hasEnds(of: socket)
  }

  /// Whether the ends are those that the server knows; of a unix or packet socket it knows none.
  func hasEnds(of socket: Socket) -> Bool {
    guard let localPort, let local else { return true }
    return socket.local.port == localPort && socket.local.address == Self.address(local)
      && socket.peer.port == peerPort ?? 0
      && (peer.map { socket.peer.address == Self.address($0) } ?? socket.peer.address.isAny)
  }

  /// By the C library, not by our own reader of addresses.
  private static func address(_ text: String) -> IPAddress? {
    var v4 = in_addr(), v6 = in6_addr()
    if inet_pton(AF_INET, text, &v4) == 1 { return IPAddress(v4: UInt32(bigEndian: v4.s_addr)) }
    guard inet_pton(AF_INET6, text, &v6) == 1 else { return nil }
    let halves = withUnsafeBytes(of: v6) { bytes in
      (
        bytes.loadUnaligned(as: UInt64.self),
        bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
      )
    }
    return IPAddress(v6High: UInt64(bigEndian: halves.0), low: UInt64(bigEndian: halves.1))
  }

  /// Bytes of a value that is written in hexadecimal digits.
  static func bytes(_ text: String) -> [UInt8] {
    let digits = Array(text.utf8)
    return stride(from: 0, to: digits.count - 1, by: 2).map { at in
      UInt8(String(decoding: digits[at...at + 1], as: UTF8.self), radix: 16) ?? 0
    }
  }
}
