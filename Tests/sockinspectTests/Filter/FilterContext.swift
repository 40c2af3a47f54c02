import ProcNet
import TestSupport

@testable import sockinspect

/// A context that answers from tables, and count what they are asked.
final class FilterContext: SocketContext, @unchecked Sendable {
  var owners: [UInt32: [Owner]] = [:]
  var peerOwners: [UInt32: [Owner]] = [:]
  var ownerships: [UInt32: Ownership] = [:]
  var groups: [UInt32: String] = [:]
  var services: [UInt32: String] = [:]
  var containers: [UInt32: String] = [:]
  private(set) var ownersAsked = 0

  func owners(of socket: borrowing Socket) -> [Owner] {
    ownersAsked += 1
    return owners[socket.inode] ?? []
  }
  func ownership(of socket: borrowing Socket) -> Ownership {
    socket.netid == .tcp ? ownerships[socket.inode] ?? .held : .held
  }
  func peerOwners(of socket: borrowing Socket) -> [Owner] { peerOwners[socket.inode] ?? [] }
  func controlGroup(of socket: borrowing Socket) -> [UInt8]? {
    groups[socket.inode].map { Array($0.utf8) }
  }
  func service(of socket: borrowing Socket) -> String? { services[socket.inode] }
  func container(of socket: borrowing Socket) -> String? { containers[socket.inode] }
  func userName(_ uid: UInt32) -> [UInt8]? {
    [0: "root", 33: "www-data"][uid].map { Array($0.utf8) }
  }
  func interfaceName(_ index: UInt32, in namespace: UInt32) -> [UInt8]? {
    [1: "lo", 2: "eth0"][index].map { Array($0.utf8) }
  }
  func interface(named name: [UInt8]) -> Interfaces.Search { Self.interface(name) }

  /// Whether there is a third one nobody could say.
  static func interface(_ name: [UInt8]) -> Interfaces.Search {
    switch String(rawBytes: name) {
    case "lo": .found(1)
    case "eth0": .found(2)
    case "unseen0": .unknown(KernelError("open", "a netlink socket", .system(13)))
    default: .missing
    }
  }
  func namespaceName(_ namespace: UInt32) -> String? { namespace == 7 ? "blue" : nil }
}

extension ParseContext {
  /// Two hosts, four services, two IP protocols, two interfaces, one cgroup.
  static func sample(netids: NetidSet = .all, families: FamilySet = .all) -> ParseContext {
    ParseContext(
      netids: netids, families: families,
      resolveHost: { (name) throws(KernelError) in
        switch name {
        case "localhost": return [IPAddress(v6High: 0, low: 1), IPAddress(v4: 0x7F00_0001)]
        case "web": return [IPAddress(v4: 0x0A00_0007)]
        case "unseen": throw KernelError("look up", "host unseen", .malformed("no answer"))
        default: return []
        }
      },
      resolvePort: { name, netids in
        let services: [String: UInt16] = ["ssh": 22, "http": 80, "https": 443, "domain": 53]
        if netids != .raw, let port = services[name] { return .service(port) }
        let protocols: [String: UInt16] = ["ospf": 89, "icmp": 1]
        return protocols[name].map { .ipProtocol($0) } ?? .missing
      },
      interface: { FilterContext.interface($0) },
      cgroupID: { $0.hasSuffix("/system.slice/x.service") ? 4242 : nil },
      users: {
        Users(
          through: FakeKernel().file(
            "/etc/passwd", "root:x:0:0::/:\nnobody:x:65534:65534::/:\nwww-data:x:33:33::/:\n"))
      })
  }
}
