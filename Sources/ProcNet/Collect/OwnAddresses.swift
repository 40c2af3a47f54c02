/// The addresses of a network namespace's interfaces, as `ip address` lists them.
public struct OwnAddresses: Sendable {
  private var addresses: Set<IPAddress> = []

  /// Asks the kernel (`RTM_GETADDR`), or else reads the tables of the namespace; throws where
  /// neither says it, as in an older recording.
  public init(in namespace: NetworkNamespace, through kernel: any Kernel) throws(KernelError) {
    let request = NetlinkRequest(
      subsystem: .route, namespacePath: namespace.path, message: Self.request)
    do throws(KernelError) {
      _ = try NetlinkDump.run(request, about: "addresses", through: kernel) { message in
        if let address = Self.address(in: message) { addresses.insert(address.unmapped) }
      }
    } catch {
      guard let folder = namespace.tables,
        let routes = try? kernel.contents(of: "\(folder)/fib_trie", limit: Self.longest)
      else { throw error }
      addresses = Set(ProcNetInterfaces.addresses(inFibTrie: routes.span))
      // Without IPv6 there is no such file.
      let other = (try? kernel.contents(of: "\(folder)/if_inet6", limit: Self.longest)) ?? []
      addresses.formUnion(ProcNetInterfaces.addresses(inIfInet6: other.span).map(\.unmapped))
    }
  }

  /// A router's table of routes is not worth more.
  private static let longest = 1 << 22

  /// Every address of 127.0.0.0/8 is the namespace's own, whatever its interfaces say.
  public func contains(_ address: IPAddress) -> Bool {
    address.isLoopback || addresses.contains(address.unmapped)
  }

  /// `nlmsghdr` (length, type, flags, sequence, port) and `ifaddrmsg` of zeros: every family.
  static let request: [UInt8] = [
    24, 0, 0, 0,  // length
    22, 0,  // RTM_GETADDR
    0x01, 0x03,  // NLM_F_REQUEST | NLM_F_DUMP
    1, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0,
  ]

  /// `IFA_ADDRESS` is the other end of a point-to-point link; `IFA_LOCAL` is ours then.
  private enum Attribute {
    static let address: UInt16 = 1
    static let local: UInt16 = 2
  }

  /// `ifaddrmsg`: family u8, prefix length, flags, scope, index u32; then attributes.
  static func address(in message: borrowing Span<UInt8>) -> IPAddress? {
    guard message.count >= 8 else { return nil }
    let isIPv6 = message[0] == AddressFamily.inet6.rawValue
    guard isIPv6 || message[0] == AddressFamily.inet.rawValue else { return nil }
    var found: (address: IPAddress?, local: IPAddress?) = (nil, nil)
    var attributes = NetlinkAttributes(from: 8)
    while attributes.next(in: message) {
      switch attributes.type {
      case Attribute.address: found.address = read(attributes.bytes(in: message), isIPv6)
      case Attribute.local: found.local = read(attributes.bytes(in: message), isIPv6)
      default: continue
      }
    }
    return found.local ?? found.address
  }

  private static func read(_ bytes: [UInt8], _ isIPv6: Bool) -> IPAddress? {
    guard bytes.count >= (isIPv6 ? 16 : 4) else { return nil }
    func number(_ part: ArraySlice<UInt8>) -> UInt64 { part.reduce(0) { $0 << 8 | UInt64($1) } }
    return isIPv6
      ? IPAddress(v6High: number(bytes[0..<8]), low: number(bytes[8..<16]))
      : IPAddress(v4: UInt32(truncatingIfNeeded: number(bytes[0..<4])))
  }
}
