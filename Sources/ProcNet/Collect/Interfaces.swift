/// The network interfaces of a namespace by index and by name.
public struct Interfaces: Sendable, Equatable {
  private var names: [UInt32: [UInt8]] = [:]
  private var indices: [[UInt8]: UInt32] = [:]
  /// Those that are there although their number could not be found.
  private var unnumbered: Set<[UInt8]> = []
  /// Why interfaces may be missing; nil when all are known by name.
  private var failure: KernelError?

  /// What is known of a name.
  public enum Search: Sendable, Equatable {
    /// The number of the interface.
    case found(UInt32)
    /// No interface has this name.
    case missing
    /// It could not be looked up.
    case unknown(KernelError)
  }

  private init(_ links: [RouteMessage.Link]) {
    for link in links { add(link.index, link.name) }
  }

  /// Asks the kernel. Without an answer the tables of the namespace are read; where those do not
  /// say either, a gap says why.
  public init(
    in namespace: NetworkNamespace = .here, through kernel: any Kernel, gaps: inout [Gap]
  ) {
    do throws(KernelError) {
      self.init(try Self.links(in: namespace, through: kernel))
    } catch {
      self.init([])
      failure = error
      readTables(namespace, kernel)
      if failure != nil { gaps.append(Gap(missing: "interface names", reason: error.message)) }
    }
  }

  /// The same for callers that can do nothing about names that are missing.
  public init(in namespace: NetworkNamespace = .here, through kernel: any Kernel) {
    var gaps: [Gap] = []
    self.init(in: namespace, through: kernel, gaps: &gaps)
  }

  /// Those of a namespace that cannot be told from others.
  public static func unknown(_ reason: KernelError) -> Interfaces {
    var none = Interfaces([])
    none.failure = reason
    return none
  }

  /// The name of an interface, up to 15 bytes of nearly anything.
  public func name(of index: UInt32) -> [UInt8]? { names[index] }
  /// The number of an interface; nil when it has none that is known, see `search`.
  public func index(of name: [UInt8]) -> UInt32? { indices[name] }

  /// Tells an interface that does not exist from one that could not be looked up.
  public func search(_ name: [UInt8]) -> Search {
    if let index = indices[name] { return .found(index) }
    if let failure { return .unknown(failure) }
    guard unnumbered.contains(name) else { return .missing }
    let subject = "the number of interface \(String(rawBytes: name))"
    return .unknown(
      KernelError("find", subject, .malformed("netlink is refused, and no table has it")))
  }

  private mutating func add(_ index: UInt32, _ name: [UInt8]) {
    names[index] = name
    indices[name] = index
  }

  /// `dev` has all names; their numbers come from a call, or from other tables.
  private mutating func readTables(_ namespace: NetworkNamespace, _ kernel: any Kernel) {
    guard let folder = namespace.tables,
      let text = try? kernel.contents(of: "\(folder)/dev", limit: Self.longest)
    else { return }
    failure = nil
    var numbers: [[UInt8]: UInt32]?
    for name in ProcNetInterfaces.names(inDev: text.span) {
      if let index = try? kernel.interfaceIndex(of: name, inNamespaceAt: namespace.path) {
        add(index, name)
        continue
      }
      let known = numbers ?? Self.numbers(folder, kernel)
      numbers = known
      if let index = known[name] { add(index, name) } else { unnumbered.insert(name) }
    }
  }

  private static let longest = 1 << 24

  private static func numbers(_ folder: String, _ kernel: any Kernel) -> [[UInt8]: UInt32] {
    ProcNetInterfaces.File.allCases.reduce(into: [:]) { found, file in
      let path = "\(folder)/\(file.rawValue)"
      guard let text = try? kernel.contents(of: path, limit: longest) else { return }
      found.merge(ProcNetInterfaces.numbers(file, text.span)) { first, _ in first }
    }
  }

  /// Again when interfaces came or went meanwhile; the third answer counts, changed or not.
  private static func links(
    in namespace: NetworkNamespace, through kernel: any Kernel
  ) throws(KernelError) -> [RouteMessage.Link] {
    let request = NetlinkRequest(
      subsystem: .route, namespacePath: namespace.path, message: RouteMessage.linksRequest)
    var links: [RouteMessage.Link] = []
    for _ in 0..<3 {
      links = []
      let wasInterrupted = try NetlinkDump.run(
        request, "list", about: "interfaces", through: kernel
      ) { message in
        if let link = RouteMessage.link(in: message) { links.append(link) }
      }
      if !wasInterrupted { break }
    }
    return links
  }
}

/// The addresses of a network namespace's interfaces, as `ip address` lists them.
public struct OwnAddresses: Sendable {
  private var addresses: Set<IPAddress> = []

  /// Asks the kernel (`RTM_GETADDR`), or else reads the tables of the namespace; throws where
  /// neither says it, as in an older recording.
  public init(in namespace: NetworkNamespace, through kernel: any Kernel) throws(KernelError) {
    let request = NetlinkRequest(
      subsystem: .route, namespacePath: namespace.path, message: RouteMessage.addressesRequest)
    do throws(KernelError) {
      _ = try NetlinkDump.run(request, "list", about: "addresses", through: kernel) { message in
        if let address = RouteMessage.address(in: message) { addresses.insert(address.unmapped) }
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
}

/// What `NETLINK_ROUTE` says of a namespace's interfaces and of their addresses.
enum RouteMessage {
  /// One interface (`RTM_NEWLINK`).
  struct Link: Sendable, Equatable {
    var index: UInt32
    /// Up to 15 bytes of nearly anything.
    var name: [UInt8]
  }

  private static let flags = NetlinkMessage.Flag.request | NetlinkMessage.Flag.dump

  /// `RTM_GETLINK`: an `ifinfomsg` of zeros, and the attribute `IFLA_EXT_MASK` =
  /// `RTEXT_FILTER_SKIP_STATS`, which older kernels pass over.
  static let linksRequest = NetlinkMessage.request(
    18, flags: flags, [UInt8](repeating: 0, count: 16) + [8, 0, 29, 0, 8, 0, 0, 0])

  /// `RTM_GETADDR`: an `ifaddrmsg` of zeros, so of every family.
  static let addressesRequest = NetlinkMessage.request(
    22, flags: flags, [UInt8](repeating: 0, count: 8))

  /// `ifinfomsg`: family u8, type u16, index i32 at 4, flags, change; then attributes, of which
  /// `IFLA_IFNAME` is 3.
  static func link(in message: borrowing Span<UInt8>) -> Link? {
    guard message.count >= 16 else { return nil }
    var attributes = NetlinkAttributes(from: 16)
    while attributes.next(in: message) {
      guard attributes.type == 3 else { continue }
      return Link(index: message.number32(at: 4), name: attributes.text(in: message))
    }
    return nil
  }

  /// `ifaddrmsg`: family u8, prefix length, flags, scope, index u32; then attributes. `IFA_ADDRESS`
  /// is the other end of a point-to-point link; `IFA_LOCAL` is ours then.
  static func address(in message: borrowing Span<UInt8>) -> IPAddress? {
    guard message.count >= 8 else { return nil }
    let isIPv6 = message[0] == AddressFamily.inet6.rawValue
    guard isIPv6 || message[0] == AddressFamily.inet.rawValue else { return nil }
    var found: (address: IPAddress?, local: IPAddress?) = (nil, nil)
    var attributes = NetlinkAttributes(from: 8)
    while attributes.next(in: message) {
      switch attributes.type {
      case 1: found.address = ip(attributes.bytes(in: message), isIPv6)
      case 2: found.local = ip(attributes.bytes(in: message), isIPv6)
      default: continue
      }
    }
    return found.local ?? found.address
  }

  private static func ip(_ bytes: [UInt8], _ isIPv6: Bool) -> IPAddress? {
    guard bytes.count >= (isIPv6 ? 16 : 4) else { return nil }
    func number(_ part: ArraySlice<UInt8>) -> UInt64 { part.reduce(0) { $0 << 8 | UInt64($1) } }
    return isIPv6
      ? IPAddress(v6High: number(bytes[0..<8]), low: number(bytes[8..<16]))
      : IPAddress(v4: UInt32(truncatingIfNeeded: number(bytes[0..<4])))
  }
}
