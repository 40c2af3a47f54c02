import ProcNet

/// The address columns of every kind of socket.
enum EndpointText {
  @inline(__always)
  static func appendLocal(
    _ socket: borrowing Socket, _ context: any SocketContext, to writer: inout ByteWriter
  ) {
    if socket.netid.isInternet {
      let interface = interfaceName(socket, context)
      if let names = context.names {
        return NamedEndpoint(socket, socket.local, interface: interface, names).append(to: &writer)
      }
      AddressText.append(
        socket.local, isV6Only: socket.isV6Only ?? false, interface: interface, to: &writer)
    } else if socket.netid.isUnix {
      appendUnix(socket.path, socket.inode, to: &writer)
    } else {
      appendPacket(socket, context, to: &writer)
    }
  }

  @inline(__always)
  static func appendPeer(
    _ socket: borrowing Socket, _ context: any SocketContext, to writer: inout ByteWriter
  ) {
    if socket.netid.isInternet {
      if let names = context.names {
        return NamedEndpoint(socket, socket.peer, interface: nil, names).append(to: &writer)
      }
      AddressText.append(
        socket.peer, isV6Only: socket.isV6Only ?? false, interface: nil, to: &writer)
    } else if socket.netid.isUnix {
      // sock_diag and ss tell the other end by inode only.
      appendUnix(nil, socket.peerInode ?? 0, to: &writer)
    } else {
      writer.append(UInt8(ascii: "*"))
    }
  }

  private static func interfaceName(
    _ socket: borrowing Socket, _ context: any SocketContext
  ) -> [UInt8]? {
    guard socket.interface != 0 else { return nil }
    return context.interfaceName(socket.interface, in: socket.namespace)
      ?? Array("if\(socket.interface)".utf8)
  }

  private static func appendUnix(
    _ path: [UInt8]?, _ inode: UInt32, to writer: inout ByteWriter
  ) {
    if let path, !path.isEmpty {
      SafeText.append(visible(path), to: &writer)
    } else {
      writer.append(UInt8(ascii: "*"))
    }
    writer.append(UInt8(ascii: " "))
    writer.append(decimal: inode)
  }

  /// Zero bytes of an abstract name as `@`; a path without the zero byte at its end.
  static func visible(_ path: [UInt8]) -> [UInt8] {
    guard path.first == 0 else {
      return path.last == 0 ? path.dropLast() : path
    }
    return path.map { $0 == 0 ? UInt8(ascii: "@") : $0 }
  }

  /// `[protocol]:interface`; `ETH_P_ALL` and "any interface" are `*`.
  private static func appendPacket(
    _ socket: borrowing Socket, _ context: any SocketContext, to writer: inout ByteWriter
  ) {
    let number = socket.packetProtocol ?? 0
    if number == 3 {
      writer.append(UInt8(ascii: "*"))
    } else {
      writer.append(UInt8(ascii: "["))
      writer.append(decimal: UInt32(number))
      writer.append(UInt8(ascii: "]"))
    }
    writer.append(UInt8(ascii: ":"))
    if let name = interfaceName(socket, context) {
      SafeText.append(name, to: &writer)
    } else {
      writer.append(UInt8(ascii: "*"))
    }
  }
}

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

/// Endpoints the way ss writes them.
extension AddressText {
  /// Address and port as ss writes them: `[::1]:80`, `127.0.0.1%lo:53`, `*:80`, port 0 as `*`.
  ///
  /// A dual-stack wildcard is `*`: it takes IPv4 and IPv6.
  @inline(__always)
  static func append(
    _ endpoint: Endpoint, isV6Only: Bool, interface: [UInt8]?, to writer: inout ByteWriter
  ) {
    appendHost(endpoint, isV6Only: isV6Only, interface: interface, to: &writer)
    appendPort(endpoint.port, to: &writer)
  }

  /// Everything before the port, the colon included.
  static func appendHost(
    _ endpoint: Endpoint, isV6Only: Bool, interface: [UInt8]?, to writer: inout ByteWriter
  ) {
    if endpoint.address.isIPv6 {
      if endpoint.address.isAny, !isV6Only {
        writer.append(UInt8(ascii: "*"))
      } else {
        writer.append(UInt8(ascii: "["))
        appendIPv6(endpoint.address, to: &writer)
        writer.append(UInt8(ascii: "]"))
      }
    } else {
      appendIPv4(UInt32(truncatingIfNeeded: endpoint.address.low), to: &writer)
    }
    if let interface {
      writer.append(UInt8(ascii: "%"))
      SafeText.append(interface, to: &writer)
    }
    writer.append(UInt8(ascii: ":"))
  }

  @inline(__always)
  static func appendPort(_ port: UInt16, to writer: inout ByteWriter) {
    if port == 0 {
      writer.append(UInt8(ascii: "*"))
    } else {
      writer.append(decimal: UInt32(port))
    }
  }
}
