import Foundation
import ProcNet
import Synchronization
import TestSupport
import Testing

/// Listings of a host on which sockets come and go all the time.
@Suite("Listing while sockets come and go", .serialized) struct ChurnConformanceTests {
  /// Opens and closes sockets on threads of its own until it is told to stop.
  private final class Churn: Sendable {
    private let isRunning = Atomic<Bool>(true)
    private let made = Atomic<Int>(0)
    private let threads = DispatchGroup()

    var count: Int { made.load(ordering: .relaxed) }

    init(threads count: Int) {
      for _ in 0..<count {
        threads.enter()
        Thread { [self] in
          while isRunning.load(ordering: .relaxed) { makeSome() }
          threads.leave()
        }.start()
      }
    }

    /// A connection of each kind, left in a queue or accepted, and closed within some
    /// milliseconds; with four threads about 500 sockets a second or more.
    private func makeSome() {
      let open = OpenSockets()
      defer { open.close() }
      for family in InternetFamily.spoken {
        guard let listener = try? open.listener(family.number, limit: 5) else { continue }
        _ = try? open.client(family.number, SOCK_STREAM, to: listener)
        _ = try? open.accepted(from: listener)
        _ = try? open.client(family.number, SOCK_STREAM, to: listener)
        _ = try? open.bound(family.number, SOCK_DGRAM)
      }
      _ = try? open.pair(SOCK_STREAM)
      made.add(open.inodes.count, ordering: .relaxed)
      usleep(20_000)
    }

    func stop() {
      isRunning.store(false, ordering: .relaxed)
      threads.wait()
    }
  }

  @Test("thirty listings never fail, and none has a socket twice")
  func churn() throws {
    let churn = Churn(threads: 4)
    defer { churn.stop() }
    let open = OpenSockets()
    defer { open.close() }
    let steady = try open.listener(AF_INET, limit: 1)
    for _ in 0..<30 {
      let before = churn.count
      var cookies: [UInt64] = []
      var gaps: [Gap] = []
      var found = 0
      let inode = OpenSockets.inode(of: steady)
      let query = SocketQuery(netids: [.tcp, .udp, .unix], details: .all)
      try DiagSource().list(query, through: LiveKernel(), gaps: &gaps) { socket in
        if let cookie = socket.cookie { cookies.append(cookie) }
        if socket.inode == inode { found += 1 }
      }
      #expect(gaps.isEmpty)
      #expect(Set(cookies).count == cookies.count)
      #expect(found == 1, "a socket that stays is there once, whatever goes on around it")
      // Something has to change between two listings for this to mean anything.
      #expect(OwnersProcess.eventually { churn.count > before })
    }
  }
}
