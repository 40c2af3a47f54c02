import ProcNet

/// The address columns of every kind of socket.
enum EndpointText {
  @inline(__always)
  static func appendLocal(
    _ socket: borrowing Socket, _ surroundings: any SocketContext, to writer: inout ByteWriter
  ) {
    if socket.netid.isInternet {
      let interface = interfaceName(socket, surroundings)
      if let names = surroundings.names {
        return NamedEndpoint(socket, socket.local, interface: interface, names).append(to: &writer)
      }
      AddressText.append(
        socket.local, isV6Only: socket.isV6Only ?? false, interface: interface, to: &writer)
    } else if socket.netid.isUnix {
      appendUnix(socket.path, socket.inode, to: &writer)
    } else {
      appendPacket(socket, surroundings, to: &writer)
    }
  }

  @inline(__always)
  static func appendPeer(
    _ socket: borrowing Socket, _ surroundings: any SocketContext, to writer: inout ByteWriter
  ) {
    if socket.netid.isInternet {
      if let names = surroundings.names {
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
    _ socket: borrowing Socket, _ surroundings: any SocketContext
  ) -> [UInt8]? {
    guard socket.interface != 0 else { return nil }
    return surroundings.interfaceName(socket.interface, in: socket.namespace)
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
    _ socket: borrowing Socket, _ surroundings: any SocketContext, to writer: inout ByteWriter
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
    if let name = interfaceName(socket, surroundings) {
      SafeText.append(name, to: &writer)
    } else {
      writer.append(UInt8(ascii: "*"))
    }
  }
}
