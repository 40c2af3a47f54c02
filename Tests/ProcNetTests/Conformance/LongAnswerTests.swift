import Glibc
import ProcNet
import TestSupport
import Testing

/// More rows than the kernel hands over at once, many times over.
@Suite("An answer of sock_diag that goes on and on", .serialized) struct LongAnswerTests {
  private static let clients = 1300

  /// So many clients in one queue need its limit and our descriptors to be large enough.
  private static var isPossible: Bool {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    let most = (try? LiveKernel().contents(of: "/proc/sys/net/core/somaxconn")).flatMap {
      Int(String(decoding: $0.dropLast(), as: UTF8.self))
    }
    return limit.rlim_cur > 2 * clients && most ?? 0 >= clients
  }

  private let open = OpenSockets()
  private let query = SocketQuery(netids: .tcp, families: .inet, details: .all)

  /// A listener with all clients waiting: two rows each.
  private func openAll() throws -> UInt16 {
    let listener = try open.listener(AF_INET, limit: Int32(Self.clients))
    for _ in 0..<Self.clients { _ = try open.client(AF_INET, SOCK_STREAM, to: listener) }
    return OpenSockets.port(of: listener)
  }

  @Test(
    "every row comes once",
    .enabled(if: isPossible, "needs 2,600 descriptors and somaxconn of 1,300"))
  func all() throws {
    defer { open.close() }
    let port = try openAll()
    var cookies: [UInt64] = []
    var gaps: [Gap] = []
    try DiagSource().list(query, through: LiveKernel(), gaps: &gaps) { socket in
      guard socket.local.port == port || socket.peer.port == port else { return }
      cookies.append(socket.cookie ?? 0)
    }
    #expect(gaps.isEmpty)
    #expect(cookies.count == 2 * Self.clients + 1)
    #expect(Set(cookies).count == cookies.count)
  }

  @Test(
    "it can be ended at any row, and what ends it is what is thrown",
    .enabled(if: isPossible, "needs 2,600 descriptors and somaxconn of 1,300"),
    arguments: [1, 1000, 2000, 2600])
  func ended(row: Int) throws {
    defer { open.close() }
    _ = try openAll()
    var rows = 0
    var gaps: [Gap] = []
    #expect(throws: KernelError.enough) {
      try DiagSource().list(query, through: LiveKernel(), gaps: &gaps) { (_) throws(KernelError) in
        rows += 1
        if rows == row { throw .enough }
      }
    }
    #expect(rows == row)
    #expect(gaps.isEmpty)
  }
}
