import ProcNet

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
