import Glibc

extension SocketAddress {
  /// Reads `HOST:PORT`, `[HOST]:PORT`, `:PORT` (this host), `unix:PATH` and `unix:@NAME`.
  public init(_ text: String) throws(DemoError) {
    if text.hasPrefix("unix:") {
      self = try Self.unix(String(text.dropFirst(5)))
      return
    }
    guard let colon = text.lastIndex(of: ":") else {
      throw .usage("'\(text)' has no port; write HOST:PORT or unix:PATH")
    }
    let host = text[..<colon]
    let port = try Self.port(text[text.index(after: colon)...])
    guard !host.contains(":") || host.hasPrefix("[") else {
      throw .usage("'\(text)' needs brackets around its address: [\(host)]:\(port)")
    }
    self = try Self.internet(host.isEmpty ? "127.0.0.1" : String(host), port: port)
  }

  /// A path, or a name in the abstract namespace after `@`.
  public static func unix(_ name: String) throws(DemoError) -> SocketAddress {
    guard !name.isEmpty, name != "@" else { throw .usage("the unix socket needs a name") }
    // sun_path has 108 bytes, and a path ends with a zero byte.
    guard name.utf8.count < 108, !name.utf8.contains(0) else {
      throw .usage("the unix name '\(name.prefix(40))…' does not fit into 107 bytes")
    }
    return name.hasPrefix("@") ? .abstract(String(name.dropFirst())) : .path(name)
  }

  /// An address in numbers; `localhost` and `*` (any address) are the only names.
  public static func internet(_ host: String, port: UInt16) throws(DemoError) -> SocketAddress {
    switch host {
    case "localhost": return .ip4(host: "127.0.0.1", port: port)
    case "*": return .ip4(host: "0.0.0.0", port: port)
    default: break
    }
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
    let bare = isBracketed ? String(host.dropFirst().dropLast()) : host
    var address = in6_addr()
    if unsafe inet_pton(AF_INET, bare, &address) == 1 { return .ip4(host: bare, port: port) }
    if unsafe inet_pton(AF_INET6, bare, &address) == 1 { return .ip6(host: bare, port: port) }
    throw .usage("'\(host)' is no address; write numbers such as 127.0.0.1 or [::1]")
  }

  /// A port from 0 to 65535, in digits only.
  static func port(_ text: some StringProtocol) throws(DemoError) -> UInt16 {
    guard let port = UInt16(text), text.first != "+" else {
      throw .usage("'\(text)' is no port; ports go from 0 to 65535")
    }
    return port
  }
}
