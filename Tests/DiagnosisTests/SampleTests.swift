import ProcNet
import TestSupport
import Testing

@testable import Diagnosis

/// What samples at a host are boiled down to: suspects, sums, settings and counters.
@Suite("Samples at a host")
struct SampleTests {
  private func look(_ listeners: [ObservedListener] = [], _ sockets: [Socket] = []) -> Sample {
    var look = MadeObservation().file.first
    look.listeners = listeners.map(\.listener)
    for socket in sockets {
      if socket.netid.isUnix {
        look.notableUnix[socket.inode] = socket
      } else {
        look.notable[ConnectionKey(socket)] = socket
      }
    }
    return look
  }

  private func suspects(_ before: Sample, _ now: Sample) -> Suspicion {
    Suspicion(before, now, HostProcesses())
  }

  private func connection(
    _ state: SocketState = .established, inode: UInt32 = 1, received: UInt32 = 0, sent: UInt32 = 0
  ) -> Sample {
    look([], [.tcp(state, 9000, 50_000, inode: inode, received: received, sent: sent)])
  }

  @Test("suspects: queues that were never empty, and drops that rise")
  func listeners() {
    func found(_ before: ObservedListener, _ now: ObservedListener) -> Bool {
      suspects(look([before]), look([now])).listeners == [100]
    }
    #expect(found(.tcp([3], limit: 5), .tcp([1], limit: 5)))
    #expect(!found(.tcp([3], limit: 5), .tcp([0], limit: 5)))
    #expect(!found(.tcp([0], limit: 5), .tcp([3], limit: 5)))
    #expect(found(.tcp([0], limit: 5, drops: 7), .tcp([0], limit: 5, drops: 8)))
    #expect(!found(.tcp([0], limit: 5, drops: 7), .tcp([0], limit: 5, drops: 7)))
    let old = ObservedListener.udp(port: 53, inode: 100, drops: 4, new: 0)
    #expect(found(old, .udp(port: 53, inode: 100, drops: 5, new: 0)))
    #expect(!found(old, old))
    // A listener that is new has no past.
    #expect(suspects(look(), look([.tcp([3], limit: 5)])).isEmpty)
  }

  @Test("suspects: bytes that stay or grow, and states that should pass")
  func connections() {
    func found(_ before: Sample, _ now: Sample) -> Bool { suspects(before, now).sockets == [1] }
    #expect(found(connection(received: 8), connection(received: 8)))
    #expect(found(connection(received: 8), connection(received: 16)))
    #expect(!found(connection(received: 8), connection(received: 4)))
    #expect(found(connection(sent: 8), connection(sent: 8)))
    #expect(!found(connection(sent: 8), connection(received: 8)))
    #expect(found(connection(.closeWait), connection(.closeWait)))
    #expect(found(connection(.synSent), connection(.synSent)))
    #expect(!found(connection(received: 8), connection(.closeWait, received: 8)))
    // Other sockets of the same ends, and rows of the accept queue.
    #expect(suspects(connection(inode: 2, received: 8), connection(received: 8)).isEmpty)
    #expect(suspects(connection(inode: 0), connection(inode: 0)).isEmpty)
    let unix = look([], [.unix(.unixStream, .established, inode: 1, sent: 8)])
    #expect(found(unix, unix))
  }

  @Test("suspects: stopped processes and requests without an answer, at the second look")
  func others() {
    let kernel = FakeKernel().folder("/proc", ["7/"])
      .file("/proc/7/stat", "7 (x) T 1 1 1 0 -1 0 0 0 0 0 1 1 0 0 20 0 1 0 9 0 0\n")
    let host = (try? HostProcesses.scan(through: kernel)) ?? HostProcesses()
    #expect(Suspicion(look(), look(), host).halted.map(\.process) == [7])
    var second = look()
    second.unanswered = [5]
    #expect(suspects(look(), second).unanswered == [5])
    #expect(suspects(second, look()).isEmpty)
  }

  private func census(_ sockets: [Socket]) -> SocketCounts {
    var census = SocketCounts(
      listening: [
        SocketCounts.Port(namespace: 0, port: 9000), SocketCounts.Port(namespace: 0, port: 40_050),
      ],
      ranges: [0: 40_000...40_099])
    for socket in sockets { census.count(socket) }
    return census
  }

  @Test("census: states, handshakes, orphans and accepted connections")
  func sums() {
    let census = census([
      .tcp(.established, 9000, 50_000, inode: 1), .tcp(.established, 9000, 50_001),
      .tcp(.synReceived, 9000, 50_002), .tcp(.newSynReceived, 9000, 50_003),
      .tcp(.finWait1, 9000, 50_004), .tcp(.lastAck, 9000, 50_005),
      .tcp(.finWait2, 9000, 50_006, inode: 4), .tcp(.timeWait, 9000, 50_007),
    ])
    let port = SocketCounts.Port(namespace: 0, port: 9000)
    #expect(census.sockets == 8 && census.orphans == 2)
    #expect(census.handshakes == [port: 2])
    // The queued one is accepted by nobody yet.
    #expect(census.accepted == [port: 2])
    #expect(census.states[.established] == 2 && census.states[.timeWait] == 1)
  }

  @Test("census: local ports are counted by route, in the kernel's range only")
  func routes() {
    let census = census([
      .tcp(.established, 40_000, 5432, inode: 1), .tcp(.timeWait, 40_001, 5432),
      .tcp(.established, 40_099, 5432, inode: 2), .tcp(.established, 40_002, 6379, inode: 3),
      .tcp(.established, 39_999, 5432, inode: 4), .tcp(.established, 40_100, 5432, inode: 5),
      // Accepted connections of a listener within the range use no port up.
      .tcp(.established, 40_050, 5432, inode: 6), .tcp(.synReceived, 40_051, 5432),
    ])
    let counts = Dictionary(
      census.routes.map { ($0.key.peer.port, $0.value) }, uniquingKeysWith: { one, _ in one })
    #expect(counts[5432]?.all == 3 && counts[5432]?.timeWait == 1)
    #expect(counts[6379]?.all == 1 && counts.count == 2)
  }

  @Test("census: IPv4 on dual-stack sockets takes the ports of IPv4")
  func mapped() {
    var socket = Socket.tcp(.established, 40_001, 5432, inode: 2)
    socket.family = .inet6
    let mapped = IPAddress(v6High: 0, low: 0xFFFF_7F00_0001)
    (socket.local.address, socket.peer.address) = (mapped, mapped)
    let census = census([.tcp(.established, 40_000, 5432, inode: 1), socket])
    #expect(census.routes.values.map(\.all) == [2])
  }

  @Test("settings: absent is nil, and a range that is none")
  func settings() {
    func read(_ files: [String: String]) -> NetworkSettings {
      var kernel = FakeKernel()
      for (name, text) in files { kernel = kernel.file("/proc/sys/net/\(name)", text) }
      return NetworkSettings(in: .here, through: kernel)
    }
    let none = read([:])
    #expect(none.mostBacklog == nil && none.localPorts == nil && none.memory.isEmpty)
    let some = read([
      "core/somaxconn": "4096\n", "ipv4/tcp_syncookies": "0\n",
      "ipv4/ip_local_port_range": "32768\t60999\n", "ipv4/tcp_mem": "1\t2\t3\n",
    ])
    #expect(some.mostBacklog == 4096 && some.synCookies == 0 && some.memory == [1, 2, 3])
    #expect(some.localPorts == 32_768...60_999)
    for range in ["60999 32768", "1", "", "x y", "1 70000"] {
      #expect(read(["ipv4/ip_local_port_range": range]).localPorts == nil, "\(range)")
    }
  }

  @Test("counters: absent is not zero, and one that fell did not rise")
  func counters() {
    let file = MadeObservation(counters: [
      "TcpExt ListenDrops": (5, 9), "TcpExt ListenOverflows": (5, 3), "Udp InErrors": (0, 0),
    ]).file
    func rise(_ group: String, _ name: String, in namespace: UInt32 = 0) -> Int64? {
      file.last.counters.rise(of: group, name, since: file.first.counters, in: namespace)
    }
    let place = NetworkNamespace.here.inode
    #expect(rise("TcpExt", "ListenDrops", in: place) == 4)
    #expect(rise("TcpExt", "ListenOverflows", in: place) == 0)
    #expect(rise("Udp", "InErrors", in: place) == 0)
    #expect(rise("TcpExt", "Other", in: place) == nil)
    #expect(rise("TcpExt", "ListenDrops", in: place + 1) == nil)
    var gaps: [Gap] = []
    _ = HostCounters([.here], through: FakeKernel(), gaps: &gaps)
    #expect(gaps.count == 3)
  }
}
