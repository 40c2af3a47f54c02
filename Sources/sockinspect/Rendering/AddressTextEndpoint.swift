import ProcNet

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
