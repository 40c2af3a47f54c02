import Glibc

/// What happens between socket() and accept(), and what can go wrong there.
extension ListeningSocket {
  static func prepare(_ descriptor: Int32, _ options: ListenOptions) throws(DemoError) {
    let attempt = "listen on \(options.address)"
    if options.reusesAddress { try switchOn(SO_REUSEADDR, descriptor, attempt) }
    if options.sharesPort { try switchOn(SO_REUSEPORT, descriptor, attempt) }
    _ = try SystemCall.retrying(attempt) {
      unsafe options.address.withSockaddr { unsafe bind(descriptor, $0, $1) }
    }
    _ = try SystemCall.retrying(attempt) { listen(descriptor, options.backlog) }
  }

  private static func switchOn(
    _ option: Int32, _ descriptor: Int32, _ attempt: String
  ) throws(DemoError) {
    var on: Int32 = 1
    _ = try SystemCall.retrying(attempt) {
      unsafe setsockopt(
        descriptor, SOL_SOCKET, option, &on, socklen_t(MemoryLayout<Int32>.size))
    }
  }

  static func address(of descriptor: Int32) throws(DemoError) -> SocketAddress {
    var answer: Int32 = -1
    let address = unsafe SocketAddress.received { unsafe answer = getsockname(descriptor, $0, $1) }
    guard answer == 0, let address else {
      throw DemoError("a socket that was handed over has no address")
    }
    return address
  }

  /// The failures that people meet, with what to do about them.
  static func explained(_ error: DemoError, _ address: SocketAddress) -> DemoError {
    var error = error
    if let hint = hint(error.number, address) { error.message += "; \(hint)" }
    return error
  }

  private static func hint(_ number: Int32?, _ address: SocketAddress) -> String? {
    switch (number, address) {
    case (EADDRINUSE, .path(let path)): "remove \(path) if no server uses it any more"
    case (EADDRINUSE, .abstract): "another server has this name"
    case (EADDRINUSE, _):
      "take another port; TIME-WAIT holds it for a minute unless the server before and this one "
        + "have --reuse-address"
    case (EACCES, .ip4), (EACCES, .ip6):
      "ports below net.ipv4.ip_unprivileged_port_start need CAP_NET_BIND_SERVICE"
    case (EADDRNOTAVAIL, _): "this host does not have that address"
    default: nil
    }
  }
}
