import TestSupport
import ProcNet

@testable import sockinspect

/// Random conditions on facts that can be unknown.
enum RandomFacts {
  typealias Fact = @Sendable (Socket, FilterContext) -> Double?

  /// Names of measures, what they are worked out from, and bounds: as typed, and in base units.
  private static let measures: [(name: String, fact: Fact, bounds: [(String, Double)])] = [
    ("recvq", { s, _ in s.queues.recvQ.map(Double.init) }, [("3", 3), ("64k", 65536), ("0", 0)]),
    ("sendq", { s, _ in s.queues.sendQ.map(Double.init) }, [("5b", 5), ("0.1k", 102.4)]),
    ("uid", { s, _ in s.uid.map(Double.init) }, [("0", 0), ("33", 33)]),
    ("inode", { s, _ in Double(s.inode) }, [("3", 3), ("20", 20)]),
    ("drops", { s, _ in (s.details?.memory?.drops).map(Double.init) }, [("9", 9), ("8", 8)]),
    ("fill", fill, [("80%", 80), ("80", 80), ("100%", 100), ("50 %", 50), ("0.5%", 0.5)]),
    ("cwnd", { s, _ in field(s, 80, 4) }, [("0", 0), ("458760", 458760)]),
    ("unacked", { s, _ in field(s, 24, 4) }, [("1", 1), ("65543", 65543)]),
    ("bytes_sent", { s, _ in field(s, 200, 8) }, [("1g", 1_073_741_824), ("200", 200)]),
    ("rto", { s, _ in field(s, 8, 4) }, [("200us", 200), ("1ms", 1000), ("1.5s", 1_500_000)]),
    ("rtt", { s, _ in field(s, 68, 4).flatMap { $0 == 0 ? nil : $0 } }, [("1s", 1_000_000)]),
    ("idle", idle, [("1s", 1_000_000), ("2h", 7_200_000_000)]),
    ("age", { s, o in o.ownership(of: s) == .queued ? sent(s) : nil }, [("1s", 1_000_000)]),
  ]

  private static let comparisons: [(String, @Sendable (Double, Double) -> Bool)] = [
    (" = ", { $0 == $1 }), ("!=", { $0 != $1 }), (">", { $0 > $1 }), (" lt ", { $0 < $1 }),
    (">=", { $0 >= $1 }), ("<= ", { $0 <= $1 }),
  ]

  static func number(_ random: inout SeededRandom) -> RandomFilter {
    let (name, fact, bounds) = RandomFilter.any(measures, &random)
    let (sign, test) = RandomFilter.any(comparisons, &random)
    let (typed, bound) = RandomFilter.any(bounds, &random)
    return .condition(text: "\(name)\(sign)\(typed)", isForKernel: false) { socket, facts in
      fact(socket, facts).map { test($0, bound) } ?? false
    }
  }

  /// A field of `tcp_info` by its place in the structure; listeners have none.
  private static func field(_ socket: Socket, _ offset: Int, _ width: Int) -> Double? {
    guard socket.state.rawValue != 10, let bytes = socket.details?.tcp?.bytes,
      bytes.count >= offset + width
    else { return nil }
    return bytes[offset..<offset + width].reversed().reduce(0.0) { $0 * 256 + Double($1) }
  }

  private static func sent(_ socket: Socket) -> Double? {
    socket.state.rawValue == 2 ? nil : field(socket, 44, 4).map { $0 * 1000 }
  }

  private static let idle: Fact = { socket, _ in
    guard let sent = sent(socket), let received = field(socket, 52, 4) else { return nil }
    return min(sent, received * 1000)
  }

  private static let fill: Fact = { socket, _ in
    guard socket.state.rawValue == 10, let length = socket.queues.recvQ,
      let limit = socket.queues.sendQ
    else { return nil }
    return Double(length) * 100 / (Double(limit) + 1)
  }

  static func mark(_ random: inout SeededRandom) -> RandomFilter {
    let isNegated = Bool.random(using: &random)
    let text = isNegated ? "fwmark != 0x3/0xf" : "fwmark 0x3/0xf"
    return .condition(text: text, isForKernel: false) { socket, _ in
      (socket.details?.mark).map { $0 % 16 == 3 } ?? false != isNegated
    }
  }

  static func name(_ random: inout SeededRandom) -> RandomFilter {
    let conditions: [(String, (Socket, FilterContext) -> Bool)] = [
      ("pid 5", { s, o in o.holders(s).contains { $0.process == 5 } }),
      ("pid!=5", { s, o in !o.holders(s).isEmpty && !o.holders(s).contains { $0.process == 5 } }),
      (
        "comm = nginx",
        { s, o in o.holders(s).contains { String(decoding: $0.command, as: UTF8.self) == "nginx" } }
      ),
      (
        "comm!=ng*",
        { s, o in
          !o.holders(s).isEmpty
            && !o.holders(s).contains {
              String(decoding: $0.command, as: UTF8.self).hasPrefix("ng")
            }
        }
      ),
      ("user www-data", { s, _ in s.uid == 33 }), ("user != root", { s, _ in s.uid == 33 }),
      ("queued", { s, o in o.ownership(of: s) == .queued }),
      ("service web", { s, o in o.service(of: s) == "web.service" }),
      ("service != web", { s, o in o.service(of: s) == "db.service" }),
      ("netns blue", { s, _ in s.namespace == 7 }), ("netns 8", { s, _ in s.namespace == 8 }),
      ("dev eth0", { s, _ in s.interface == 2 }), ("dev!=lo", { s, _ in s.interface != 1 }),
      ("cgroup /system.slice/x.service", { s, _ in s.details?.cgroupID == 4242 }),
      ("src unix:/RUN/*", { s, _ in s.path.map { $0.starts(with: "/run/".utf8) } ?? false }),
      (
        "src inet:10.0.0.1",
        { s, _ in
          s.family == .inet && RandomSocket.bytes(s.local.address) == [10, 0, 0, 1]
        }
      ),
      ("netid tcp", { s, _ in s.netid == .tcp }), ("netid != unix", { s, _ in s.family != .unix }),
      ("family inet6", { s, _ in s.family == .inet6 }),
      ("src link:arp", { s, _ in s.family == .packet && s.packetProtocol == 0x0806 }),
    ]
    let (text, holds) = RandomFilter.any(conditions, &random)
    return .condition(text: text, isForKernel: false, holds: holds)
  }
}

extension FilterContext {
  func holders(_ socket: Socket) -> [Owner] { owners[socket.inode] ?? [] }

  /// Facts for the inodes 1 to 60.
  static func random(_ random: inout SeededRandom) -> FilterContext {
    let facts = FilterContext()
    let commands = ["nginx", "ngx", "sshd"].map { Array($0.utf8) }
    for inode in UInt32(1)...60 {
      facts.owners[inode] = (0..<Int.random(in: 0...2, using: &random)).map { _ in
        Owner(
          process: RandomFilter.any([5, 6], &random), descriptor: 3,
          command: RandomFilter.any(commands, &random))
      }
      facts.ownerships[inode] = RandomFilter.any([.held, .queued, .orphan], &random)
      facts.services[inode] = RandomFilter.any([nil, "web.service", "db.service"], &random)
    }
    return facts
  }
}
