import ProcNet

/// A socket as people name it.
public struct SocketName: Sendable, Hashable {
  public var netid: Netid
  public var local: Endpoint
  public var peer: Endpoint?
  /// unix: the path, or nil.
  public var path: [UInt8]?
  public var isV6Only: Bool?
  public var inode: UInt32
  public var namespace: UInt32

  public init(_ socket: borrowing Socket) {
    netid = socket.netid
    local = socket.local
    peer = socket.netid.isInternet && socket.peer.port != 0 ? socket.peer : nil
    path = socket.path
    isV6Only = socket.isV6Only
    inode = socket.inode
    namespace = socket.namespace
  }

  /// `127.0.0.1:9000`, `*:80`, `[::1]:80`, `/run/x.sock`, `@name`.
  public var text: String {
    netid.isUnix ? Self.path(path, inode) : Self.endpoint(local, isV6Only)
  }

  /// `127.0.0.1:9000`, `[::1]:80`; `*:80` for all addresses of both families.
  static func endpoint(_ endpoint: Endpoint, _ isV6Only: Bool? = true) -> String {
    let address = endpoint.address
    if address == .anyV6, isV6Only != true { return "*:\(endpoint.port)" }
    let text = AddressText.string(address.unmapped)
    return address.unmapped.isIPv6 ? "[\(text)]:\(endpoint.port)" : "\(text):\(endpoint.port)"
  }

  /// `/run/x.sock`, `@name` for abstract ones.
  static func path(_ path: [UInt8]?, _ inode: UInt32) -> String {
    guard let path, let first = path.first else { return "an unnamed socket (inode \(inode))" }
    let name = String(rawBytes: first == 0 ? path.dropFirst() : path[...])
    return first == 0 ? "@\(name)" : name
  }
}

/// A process as people name it.
public struct ProcessName: Sendable, Hashable {
  public var process: Int32
  public var command: [UInt8]
  /// The network namespace it lives in, where that has to be said: `netns blue`.
  public var place: String?

  public init(process: Int32, command: [UInt8]) {
    self.process = process
    self.command = command
  }

  public init(_ owner: Owner) { self.init(process: owner.process, command: owner.command) }

  /// `nginx (pid 812)`, `nginx (pid 812, netns blue)`.
  public var text: String { "\(name) (pid \(process)\(place.map { ", \($0)" } ?? ""))" }
  public var name: String {
    command.isEmpty ? "a process" : String(rawBytes: command)
  }
}

/// A connection from one of its ends, whatever source it was read from.
///
/// A loopback connection never leaves its namespace; one between other addresses may have its other
/// end in another namespace of this host.
public struct ConnectionKey: Hashable, Sendable {
  var netid: Netid
  var local: Endpoint
  var peer: Endpoint
  var namespace: UInt32

  init(_ socket: borrowing Socket) {
    self.init(socket, from: socket.local, to: socket.peer)
  }

  /// The same connection as its other end has it.
  init(oppositeOf socket: borrowing Socket) {
    self.init(socket, from: socket.peer, to: socket.local)
  }

  private init(_ socket: borrowing Socket, from local: Endpoint, to peer: Endpoint) {
    netid = socket.netid
    self.local = Endpoint(address: local.address.unmapped, port: local.port)
    self.peer = Endpoint(address: peer.address.unmapped, port: peer.port)
    let stays =
      self.local.address.isLoopback || self.peer.address.isLoopback
      || self.local.address == self.peer.address
    namespace = stays ? socket.namespace : 0
  }
}

/// A network namespace other than the tool's own: what people call it, and how to enter it.
public struct NamespaceName: Sendable, Hashable {
  /// `netns blue`, `container 3f2a9c1b2d3e`, `pod 0f6c9b2e-…`, `netns of nginx (pid 812)`.
  public var text: String
  /// The same beside a process, which the last kind would name a second time: `netns 4026532191`.
  public var short: String
  /// The prefix of a command that makes it run there: `ip netns exec blue`.
  public var entry: String
  /// What `--netns` takes.
  public var choice: String
}

/// The names of the network namespaces that are read, except the tool's own.
///
/// A container's or pod's name comes from the cgroup of a process in the namespace, unless the tool
/// itself runs there.
public struct NamespaceNames: Sendable {
  private var names: [UInt32: NamespaceName] = [:]
  private let kernel: (any Kernel)?

  public static let none = NamespaceNames()

  private init() { kernel = nil }

  public init(_ places: [NetworkNamespace], through kernel: any Kernel) {
    self.kernel = kernel
    let others = places.filter { $0.path != nil && $0.inode != 0 }
    guard !others.isEmpty else { return }
    let own = Group(ofProcess: "self", kernel).text
    for place in others { names[place.inode] = Self.name(place, unless: own, kernel) }
  }

  /// There is no other namespace: nothing has to be named.
  public var isEmpty: Bool { names.isEmpty }

  /// nil for the tool's own namespace, and for those that are not read.
  public subscript(namespace: UInt32) -> NamespaceName? { names[namespace] }

  /// The namespace that a process lives in.
  func namespace(ofProcess process: Int32) -> UInt32? {
    guard let kernel, !isEmpty else { return nil }
    return NetworkNamespace.inode(ofProcess: process, through: kernel)
  }

  // MARK: what a namespace is called

  private static func name(
    _ place: NetworkNamespace, unless own: String?, _ kernel: any Kernel
  ) -> NamespaceName? {
    let process = process(of: place)
    let group = process.flatMap { Group(ofProcess: "\($0)", kernel).text }
    let container = group == own ? nil : group
    let number = "netns \(place.inode)"
    let text =
      container ?? place.name.map { "netns \($0)" }
      ?? process.map { "netns of \(command(of: $0, kernel)) (pid \($0))" } ?? number
    let isNamed = container != nil || place.name != nil
    let way = way(to: place, process)
    return NamespaceName(
      text: text, short: isNamed ? text : number, entry: way.entry, choice: way.choice)
  }

  /// A name outlives the process that happens to be there.
  private static func way(
    to place: NetworkNamespace, _ process: Int32?
  ) -> (entry: String, choice: String) {
    if let name = place.name, isPlain(name) { return ("ip netns exec \(name)", name) }
    if let process { return ("nsenter --net=/proc/\(process)/ns/net --", "\(process)") }
    let path = "'\((place.path ?? "").replacing("'", with: "'\\''"))'"
    return ("nsenter --net=\(path) --", path)
  }

  /// `--netns` takes digits for a process, and `all` and `self` for what they say.
  private static func isPlain(_ name: String) -> Bool {
    let isWord = name.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
    }
    return isWord && !name.hasPrefix("-") && name != "all" && name != "self" && Int(name) == nil
  }

  /// The process by which the place was found: `/proc/812/net`.
  private static func process(of place: NetworkNamespace) -> Int32? {
    for path in [place.tables, place.path] {
      let parts = (path ?? "").split(separator: "/")
      if parts.count > 1, parts[0] == "proc", let process = Int32(parts[1]) { return process }
    }
    return nil
  }

  private static func command(of process: Int32, _ kernel: any Kernel) -> String {
    guard let text = try? kernel.contents(of: "/proc/\(process)/comm", limit: 4096) else {
      return "a process"
    }
    return String(rawBytes: text.prefix { $0 != 10 })
  }

  /// The container or pod of a process.
  private struct Group {
    var text: String?

    init(ofProcess process: String, _ kernel: any Kernel) {
      guard let bytes = try? kernel.contents(of: "/proc/\(process)/cgroup", limit: 1 << 16) else {
        return
      }
      let name = CgroupName(of: ProcCgroup(bytes))
      text = name.pod.map { "pod \($0)" } ?? name.container.map { "container \($0)" }
    }
  }
}
