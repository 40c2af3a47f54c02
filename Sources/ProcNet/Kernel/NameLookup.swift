import Glibc

/// Names of hosts, as the C library and its configuration know them.
///
/// A look-up of a host may ask the network and take seconds; nothing looks up names unless a
/// person typed one.
public enum NameLookup {
  /// All addresses of a host, in the C library's order, each once; empty when it has none. Throws
  /// when nobody could say, as without a name server.
  public static func addresses(ofHost name: String) throws(KernelError) -> [IPAddress] {
    var found: [IPAddress] = []
    let status = unsafe forEachAddress(name) { entry in
      if let ip = unsafe address(in: entry), !found.contains(ip) { found.append(ip) }
    }
    // EAI_NODATA is behind _GNU_SOURCE.
    guard ![0, EAI_NONAME, -5].contains(status) else { return found }
    let number = SystemCall.lastError
    let words = unsafe gai_strerror(status).map { unsafe String(cString: $0) } ?? "\(status)"
    throw KernelError(
      "look up", "host \(name)",
      status == EAI_SYSTEM ? .system(number) : .malformed(words.lowercased()))
  }

  /// Answers what `getaddrinfo` answers.
  private static func forEachAddress(
    _ host: String, _ visit: (UnsafePointer<sockaddr>) -> Void
  ) -> Int32 {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let status = unsafe host.withRawCString { unsafe getaddrinfo($0, nil, &hints, &list) }
    guard status == 0 else { return status }
    var entry = unsafe list
    while let current = unsafe entry {
      if let address = unsafe current.pointee.ai_addr { unsafe visit(UnsafePointer(address)) }
      unsafe entry = current.pointee.ai_next
    }
    unsafe freeaddrinfo(list)
    return 0
  }

  private static func address(in address: UnsafePointer<sockaddr>) -> IPAddress? {
    let raw = unsafe UnsafeRawPointer(address)
    switch unsafe Int32(address.pointee.sa_family) {
    case AF_INET:
      let v4 = unsafe raw.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr
      return IPAddress(v4: UInt32(bigEndian: v4))
    case AF_INET6:
      // `sin6_addr` stands behind family, port and flow label: 8 bytes.
      let high = unsafe raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
      let low = unsafe raw.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
      return IPAddress(v6High: UInt64(bigEndian: high), low: UInt64(bigEndian: low))
    default: return nil
    }
  }

  /// The name of an address; nil when it has none. May ask the network.
  public static func hostName(of address: IPAddress) -> [UInt8]? {
    name(of: Endpoint(address: address, port: 0), isHost: true, flags: NI_NAMEREQD)
  }

  private static func name(of endpoint: Endpoint, isHost: Bool, flags: Int32) -> [UInt8]? {
    let bytes = socketAddress(endpoint)
    let buffer = ByteBuffer(capacity: 1026)
    let status = unsafe bytes.withUnsafeBytes { raw -> Int32 in
      guard let start = raw.baseAddress else { return -1 }
      let address = unsafe start.assumingMemoryBound(to: sockaddr.self)
      let (length, room) = (socklen_t(raw.count), socklen_t(1025))
      if isHost {
        return unsafe getnameinfo(address, length, buffer.characters, room, nil, 0, flags)
      }
      return unsafe getnameinfo(address, length, nil, 0, buffer.characters, room, flags)
    }
    guard status == 0 else { return nil }
    return unsafe Array(String(cString: buffer.characters).utf8)
  }

  /// `sockaddr_in` or `sockaddr_in6` as bytes: family, port, (flow label,) address.
  private static func socketAddress(_ endpoint: Endpoint) -> [UInt8] {
    let isIPv6 = endpoint.address.isIPv6
    var bytes: [UInt8] = []
    bytes.append16(UInt16(isIPv6 ? AF_INET6 : AF_INET))
    bytes.append16(endpoint.port.bigEndian)
    if isIPv6 { bytes.append32(0) }
    if isIPv6 {
      for half in [endpoint.address.high, endpoint.address.low] {
        bytes.append32(UInt32(truncatingIfNeeded: half >> 32).bigEndian)
        bytes.append32(UInt32(truncatingIfNeeded: half).bigEndian)
      }
      bytes.append32(0)
    } else {
      bytes.append32(UInt32(truncatingIfNeeded: endpoint.address.low).bigEndian)
      bytes += [UInt8](repeating: 0, count: 8)
    }
    return bytes
  }
}
