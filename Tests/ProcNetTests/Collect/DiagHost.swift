import Glibc
import ProcNet
import Synchronization
import TestSupport

/// A host whose sock_diag answers what a test says, and that remembers what it was asked.
final class DiagHost: Sendable {
  private let asked = Mutex<[NetlinkRequest]>([])
  private let answer: @Sendable (NetlinkRequest, Int) throws(KernelError) -> [[UInt8]]

  /// - Parameter answer: Given the request and how many like it came before, ours or not.
  init(_ answer: @escaping @Sendable (NetlinkRequest, Int) throws(KernelError) -> [[UInt8]]) {
    self.answer = answer
  }

  /// Answers TCP over IPv4 with these datagrams each time, and all else with empty tables.
  convenience init(tcp datagrams: [[UInt8]]) {
    self.init { (request, _) throws(KernelError) in
      request.isTCP4 ? datagrams : [FakeDatagram.done()]
    }
  }

  var requests: [NetlinkRequest] { asked.withLock { $0 } }

  var kernel: FakeKernel {
    FakeKernel().answering { [self] (request) throws(KernelError) in
      let before = asked.withLock { asked in
        asked.append(request)
        return asked.count { $0.table == request.table } - 1
      }
      return try answer(request, before)
    }
  }
}

extension NetlinkRequest {
  /// Family and protocol of a sock_diag request.
  var table: [UInt8] { Array(message[16..<18]) }
  var isTCP4: Bool { table == [2, 6] }
  /// What stands behind `inet_diag_req_v2`.
  var program: [UInt8] { Array(message.dropFirst(72)) }
}

/// What a listing gave, however it ended.
struct DiagListing {
  private(set) var sockets: [Socket] = []
  private(set) var gaps: [Gap] = []
  private(set) var error: KernelError?

  init(
    _ kernel: some Kernel, _ query: SocketQuery = SocketQuery(netids: .tcp, families: .inet),
    from source: any SocketSource = DiagSource()
  ) {
    var found: [Socket] = []
    do throws(KernelError) {
      try source.list(query, through: kernel, gaps: &gaps) { (row) throws(KernelError) in
        found.append(copy row)
      }
    } catch {
      self.error = error
    }
    sockets = found
  }

  var cookies: [UInt64?] { sockets.map(\.cookie) }
}

/// Messages with a row each, as sock_diag sends them.
enum DiagRow {
  static func tcp(
    _ cookie: UInt32, state: SocketState = .established, family: AddressFamily = .inet
  ) -> [UInt8] {
    var row = [UInt8](repeating: 0, count: 72)
    row[0] = family.rawValue
    row[1] = state.rawValue
    FakeDatagram.put(cookie, into: &row, at: 44)
    return FakeDatagram.message(type: 20, row)
  }

  static func unix(_ cookie: UInt32, type: UInt8) -> [UInt8] {
    var row: [UInt8] = [1, type, 1, 0] + [UInt8](repeating: 0, count: 12)
    FakeDatagram.put(cookie, into: &row, at: 8)
    return FakeDatagram.message(type: 20, row)
  }
}
