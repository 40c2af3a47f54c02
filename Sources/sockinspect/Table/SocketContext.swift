import ProcNet

/// What a socket can be joined with: everything that a filter or a column asks for beyond the
/// socket itself. Answers are looked up when asked, so what no row needs is never read.
protocol SocketContext {
  /// All holders of the socket, as ss orders them (last found first).
  func owners(of socket: borrowing Socket) -> [Owner]
  func ownership(of socket: borrowing Socket) -> Ownership
  /// The processes at the other end of a local connection.
  func peerOwners(of socket: borrowing Socket) -> [Owner]
  /// The cgroup v2 path of the socket's creator, `/system.slice/x.service`.
  func controlGroup(of socket: borrowing Socket) -> [UInt8]?
  /// systemd unit or similar that the cgroup (else the first owner's cgroup) belongs to.
  func service(of socket: borrowing Socket) -> String?
  /// docker, podman or kubernetes name or short id, likewise.
  func container(of socket: borrowing Socket) -> String?
  func userName(_ uid: UInt32) -> [UInt8]?
  func interfaceName(_ index: UInt32, in namespace: UInt32) -> [UInt8]?
  /// Interface by name in the first namespace that is read.
  func interface(named name: [UInt8]) -> Interfaces.Search
  /// Names for numbers, when they are wanted (`-r`); nil when they are not.
  var names: Names? { get }
  func namespaceName(_ namespace: UInt32) -> String?
}

extension SocketContext {
  var names: Names? { nil }
}

/// Nothing is known beyond the row itself.
struct UnknownContext: SocketContext {
  func owners(of socket: borrowing Socket) -> [Owner] { [] }
  func ownership(of socket: borrowing Socket) -> Ownership { .unknown }
  func peerOwners(of socket: borrowing Socket) -> [Owner] { [] }
  func controlGroup(of socket: borrowing Socket) -> [UInt8]? { nil }
  func service(of socket: borrowing Socket) -> String? { nil }
  func container(of socket: borrowing Socket) -> String? { nil }
  func userName(_ uid: UInt32) -> [UInt8]? { nil }
  func interfaceName(_ index: UInt32, in namespace: UInt32) -> [UInt8]? { nil }
  func interface(named name: [UInt8]) -> Interfaces.Search { .missing }
  func namespaceName(_ namespace: UInt32) -> String? { nil }
}

/// Names of hosts, services and protocols, each looked up once. Those of hosts may ask the network.
final class Names {
  private var hosts: [IPAddress: [UInt8]?] = [:]
  private var services: [Service: [UInt8]?] = [:]

  private let table: ServiceNames

  init(_ table: ServiceNames) { self.table = table }

  private struct Service: Hashable {
    let port: UInt16
    let netid: Netid
  }

  func host(_ address: IPAddress) -> [UInt8]? {
    if let known = hosts[address] { return known }
    let name = NameLookup.hostName(of: address)
    hosts[address] = .some(name)
    return name
  }

  func service(_ port: UInt16, _ netid: Netid) -> [UInt8]? {
    let service = Service(port: port, netid: netid)
    if let known = services[service] { return known }
    let name = table.name(of: port, netid: netid)
    services[service] = .some(name)
    return name
  }
}
