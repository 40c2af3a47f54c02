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

  /// The same for whoever can do nothing about names that are missing.
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
  public func index(of name: [UInt8]) -> UInt32? { indices[name] }

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
