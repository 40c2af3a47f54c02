import ProcNet
import Testing

@testable import sockinspect

/// What is said of which listener, and how listeners are told apart.
@Suite struct ListenerMetricsTests {
  private static func tcp(
    _ port: UInt16, inode: UInt32, queues: (UInt32, UInt32) = (0, 9), shards: Int = 1
  ) -> Listener {
    var listener = Listener(socket: .tcp(.listen, (0, port), queues: queues, inode: inode))
    listener.shards = shards
    return listener
  }

  private func labels(_ listeners: [Listener]) -> [String] {
    ListenerLabels(context: RowContext()).of(listeners)
      .map { String(decoding: $0.text, as: UTF8.self) }
  }

  private func text(_ listeners: [Listener]) -> [Substring] {
    written {
      ListenerMetrics(
        text: MetricsText(format: .openmetrics), listeners: listeners,
        labels: ListenerLabels(context: RowContext()).of(listeners)
      ).append(to: &$0)
    }.split(separator: "\n").filter { !$0.hasPrefix("#") }
  }

  @Test("a listener that is alone at its place has no shard, whatever its inode")
  func alone() {
    #expect(
      labels([Self.tcp(80, inode: 7), Self.tcp(81, inode: 8)]) == [
        #"netid="tcp",address="0.0.0.0",port="80""#, #"netid="tcp",address="0.0.0.0",port="81""#,
      ])
  }

  @Test("shards are told apart by their inodes, also one that a filter has left alone")
  func shards() {
    #expect(
      labels([Self.tcp(80, inode: 7, shards: 2), Self.tcp(80, inode: 8, shards: 2)]) == [
        #"netid="tcp",address="0.0.0.0",port="80",shard="7""#,
        #"netid="tcp",address="0.0.0.0",port="80",shard="8""#,
      ])
    #expect(labels([Self.tcp(80, inode: 8, shards: 2)])[0].hasSuffix(#"shard="8""#))
  }

  @Test("the same path twice, and sockets without an inode, still make series of their own")
  func collisions() {
    var listeners = ["/run/a", "/run/a", "/run/b"].enumerated().map {
      Listener(socket: .unix(.listen, path: $0.element, inode: UInt32($0.offset + 1)))
    }
    for byte in [0xFE, 0xFF] as [UInt8] {
      var socket = Socket.unix(.listen, inode: 0)
      socket.path = [0x2F, byte]
      listeners.append(Listener(socket: socket))
    }
    let labels = labels(listeners)
    #expect(Set(labels).count == 5)
    #expect(labels.filter { $0.contains("shard=") }.count == 2)
    #expect(labels[4] == #"netid="u_str",path="/\\xff""#)
    #expect(labels[2] == #"netid="u_str",path="/run/b""#)
  }

  @Test("services and containers come last, and their names are escaped like all others")
  func belonging() {
    var facts = RowContext()
    facts.belonging = ("a\"} 1\n.service", "\u{1b}[2J")
    let labels = ListenerLabels(context: facts).of([Self.tcp(80, inode: 1)])
    #expect(
      String(decoding: labels[0].text, as: UTF8.self)
        == #"netid="tcp",address="0.0.0.0",port="80",service="a\"} 1\n.service","#
        + #"container="\\x1b[2J""#)
  }

  @Test("zero is a sample, unknown is none")
  func unknown() {
    var listener = Self.tcp(80, inode: 1)
    listener.socket.details = SocketDetails(drops: 0)
    let known = text([listener])
    #expect(known.contains { $0.hasPrefix("sockinspect_accept_queue_full{") && $0.hasSuffix(" 0") })
    #expect(known.contains { $0.hasPrefix("sockinspect_listener_drops_total{") })
    #expect(known.contains { $0.hasSuffix(#"state="CLOSE-WAIT"} 0"#) })
    #expect(!known.contains { $0.contains("oldest") }, "no connection waits")
    listener.socket.details = nil
    listener.acceptQueue?.limit = nil
    listener.connections = nil
    let unknown = text([listener])
    for name in ["limit", "full", "drops", "connections", "receive_queue"] {
      #expect(!unknown.contains { $0.contains(name) }, "\(name)")
    }
    #expect(unknown.contains { $0.hasPrefix("sockinspect_accept_queue_length{") })
  }

  @Test("a wait of 2812 ms is 2.812 seconds")
  func seconds() {
    var listener = Self.tcp(80, inode: 1, queues: (10, 9))
    listener.acceptQueue?.oldest = 2812
    let lines = text([listener])
    #expect(
      lines.contains { $0.hasPrefix("sockinspect_accept_queue_oldest") && $0.hasSuffix(" 2.812") })
    #expect(lines.contains { $0.hasPrefix("sockinspect_accept_queue_full") && $0.hasSuffix(" 1") })
  }

  @Test("unix listeners have neither drops nor connections, UDP no accept queue")
  func kinds() {
    let unix = text([Listener(socket: .unix(.listen, path: "/a", inode: 1))])
    #expect(unix.allSatisfy { $0.hasPrefix("sockinspect_accept_queue_") } && !unix.isEmpty)
    var socket = Socket(netid: .udp, family: .inet, state: .close)
    socket.queues = .data(unread: 640, unacknowledged: 0)
    #expect(
      text([Listener(socket: socket)]) == [
        #"sockinspect_receive_queue_bytes{netid="udp",address="0.0.0.0",port="0"} 640"#
      ])
  }
}
