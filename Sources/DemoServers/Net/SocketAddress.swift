/// Where a socket is: an internet address with its port, or a unix name.
public enum SocketAddress: Sendable, Hashable {
  /// Dotted numbers, port.
  case ip4(host: String, port: UInt16)
  /// Numbers with colons and without brackets, port.
  case ip6(host: String, port: UInt16)
  /// A file.
  case path(String)
  /// A name in the abstract namespace, without the leading `@`.
  case abstract(String)

  /// The port of an internet address.
  public var port: UInt16? {
    switch self {
    case .ip4(_, let port), .ip6(_, let port): port
    case .path, .abstract: nil
    }
  }

  /// The address without port or brackets.
  public var host: String? {
    switch self {
    case .ip4(let host, _), .ip6(let host, _): host
    case .path, .abstract: nil
    }
  }

  /// Reachable from this host only.
  public var isLocal: Bool {
    switch self {
    case .ip4(let host, _): host.hasPrefix("127.")
    case .ip6(let host, _): host == "::1" || host.hasPrefix("::ffff:127.")
    case .path, .abstract: true
    }
  }

  /// The same host at another port; unix names stay as they are.
  public func with(port: UInt16) -> SocketAddress {
    switch self {
    case .ip4(let host, _): .ip4(host: host, port: port)
    case .ip6(let host, _): .ip6(host: host, port: port)
    case .path, .abstract: self
    }
  }
}

extension SocketAddress: CustomStringConvertible {
  /// As `init(_:)` reads it: `127.0.0.1:9000`, `[::1]:9000`, `unix:/run/x`, `unix:@name`.
  public var description: String {
    switch self {
    case .ip4(let host, let port): "\(host):\(port)"
    case .ip6(let host, let port): "[\(host)]:\(port)"
    case .path(let path): "unix:\(path)"
    case .abstract(let name): "unix:@\(name)"
    }
  }
}
