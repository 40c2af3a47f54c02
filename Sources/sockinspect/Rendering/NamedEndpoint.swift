import ProcNet

/// An address and a port with names where there are any: what `-r` shows.
struct NamedEndpoint {
  private let endpoint: Endpoint
  private let netid: Netid
  private let isV6Only: Bool
  private let interface: [UInt8]?
  private let names: Names

  init(
    _ socket: borrowing Socket, _ endpoint: Endpoint, interface: [UInt8]?, _ names: Names
  ) {
    self.endpoint = endpoint
    netid = socket.netid
    isV6Only = socket.isV6Only ?? false
    self.interface = interface
    self.names = names
  }

  func append(to writer: inout ByteWriter) {
    let host = endpoint.address.isAny ? nil : names.host(endpoint.address)
    if let host {
      SafeText.append(host, to: &writer)
      if let interface {
        writer.append(UInt8(ascii: "%"))
        SafeText.append(interface, to: &writer)
      }
      writer.append(UInt8(ascii: ":"))
    } else {
      AddressText.appendHost(endpoint, isV6Only: isV6Only, interface: interface, to: &writer)
    }
    if endpoint.port != 0, let service = names.service(endpoint.port, netid) {
      SafeText.append(service, to: &writer)
    } else {
      AddressText.appendPort(endpoint.port, to: &writer)
    }
  }
}
