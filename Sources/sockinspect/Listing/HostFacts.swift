import ProcNet

/// The surroundings of the sockets of one host, collected before the listing as far as somebody
/// needs them.
final class HostFacts: Surroundings {
  private let kernel: any Kernel
  private let places: [NamespacePlace]
  /// What could not be looked at while the host was got to know.
  let gaps: [Gap]
  private var owners: OwnerIndex?
  /// Sockets that exist and whose owners were asked for in vain.
  private var ownerless: Set<UInt32> = []
  private var listeners = ListenerIndex()
  private var peers: PeerIndex?
  private let controlGroups: ControlGroups
  private var groupNames: [UInt64: ControlGroupName] = [:]
  private lazy var users = Users(through: kernel)
  private var interfaces: [UInt32: Interfaces] = [:]

  let names: Names?

  init(
    kernel: any Kernel, places: [NamespacePlace], gaps: [Gap] = [], resolvesNames: Bool = false
  ) {
    names = resolvesNames ? Names() : nil
    self.kernel = kernel
    self.places = places
    self.gaps = gaps
    controlGroups = ControlGroups(through: kernel)
  }

  /// Reads what the needs name; what could not be read is added to the gaps.
  func collect(
    _ needs: Needs, from source: any SocketSource, _ netids: NetidSet, gaps: inout [Gap]
  ) throws(KernelError) {
    if needs.contains(.standing), netids.contains(.tcp) {
      try collectListeners(from: source, gaps: &gaps)
    }
    if needs.contains(.peers) { try collectPeers(from: source, netids, gaps: &gaps) }
    if needs.contains(.owners) {
      owners = OwnerIndex.build(through: kernel, wanted: nil, gaps: &gaps)
    }
  }

  /// Looks for the holders of a few sockets only; replaces what was known of holders.
  func collectOwners(of inodes: [UInt32], gaps: inout [Gap]) {
    ownerless = []
    owners = OwnerIndex.build(
      through: kernel, wanted: OwnerIndex.InodeSet(inodes), gaps: &gaps)
  }

  /// After the last row: says why shown sockets have no owner; what was not looked into is moot
  /// when each has one.
  ///
  /// - Parameter source: Tells which of them still exist.
  func concludeOwners(from source: any SocketSource, gaps: inout [Gap]) throws(KernelError) {
    guard !ownerless.isEmpty else { return gaps.setMoot(.owners) }
    guard !gaps.contains(where: { $0.kind == .owners }) else { return }
    let search = MissingOwners(through: kernel)
    let missing = search.confirmed(ownerless)
    var remaining: Set<UInt32> = []
    guard !missing.isEmpty else { return }
    var ignored: [Gap] = []
    for place in places {
      let query = SocketQuery(netids: .all, namespace: place)
      try source.list(query, through: kernel, gaps: &ignored) { (socket) throws(KernelError) in
        if missing.contains(socket.inode) { remaining.insert(socket.inode) }
      }
    }
    if !remaining.isEmpty { gaps.append(search.gap(remaining.count)) }
  }

  private func collectListeners(
    from source: any SocketSource, gaps: inout [Gap]
  ) throws(KernelError) {
    var ignored: [Gap] = []
    listeners = ListenerIndex()
    for place in places {
      let query = SocketQuery(
        netids: .tcp, families: .internet, states: StateSet(.listen), namespace: place)
      try source.list(query, through: kernel, gaps: &ignored) { (socket) throws(KernelError) in
        listeners.insert(socket)
      }
    }
  }

  private func collectPeers(
    from source: any SocketSource, _ netids: NetidSet, gaps: inout [Gap]
  ) throws(KernelError) {
    var index = PeerIndex(spansNamespaces: places.count > 1)
    var ignored: [Gap] = []
    for place in places {
      let query = SocketQuery(
        netids: netids.subtracting(.packet), states: .connected, namespace: place)
      try source.list(query, through: kernel, gaps: &ignored) { (socket) throws(KernelError) in
        index.insert(socket)
      }
    }
    peers = index
  }

  func owners(of socket: borrowing Socket) -> [Owner] { owners(ofInode: socket.inode) }

  private func owners(ofInode inode: UInt32) -> [Owner] {
    guard inode != 0, let found = owners?.owners(of: inode) else { return [] }
    if !found.isEmpty || ownerless.contains(inode) { return found }
    owners?.readThreads(through: kernel)
    let others = owners?.owners(of: inode) ?? []
    if others.isEmpty { ownerless.insert(inode) }
    return others
  }

  func standing(of socket: borrowing Socket) -> Standing { listeners.standing(of: socket) }

  func peerOwners(of socket: borrowing Socket) -> [Owner] {
    guard let inode = peers?.inode(oppositeTo: socket) else { return [] }
    return owners(ofInode: inode)
  }

  func controlGroup(of socket: borrowing Socket) -> [UInt8]? {
    socket.details?.cgroupID.flatMap(controlGroups.path)
  }

  func service(of socket: borrowing Socket) -> String? { belonging(of: socket)?.service }
  func container(of socket: borrowing Socket) -> String? { belonging(of: socket)?.container }

  /// The socket's own cgroup; else, since not every kind of socket tells one, its holder's.
  private func belonging(of socket: borrowing Socket) -> ControlGroupName? {
    if let id = socket.details?.cgroupID, let path = controlGroups.path(of: id) {
      return name(ofGroup: id, path)
    }
    guard let owner = owners(of: socket).last else { return nil }
    return processGroup(of: owner.process).map { ControlGroupName(path: $0) }
  }

  /// Read once for each control group: thousands of sockets share one.
  private func name(ofGroup id: UInt64, _ path: [UInt8]) -> ControlGroupName {
    if let known = groupNames[id] { return known }
    let name = ControlGroupName(path: path)
    groupNames[id] = name
    return name
  }

  private func processGroup(of process: Int32) -> [UInt8]? {
    guard let text = try? kernel.contents(of: "/proc/\(process)/cgroup") else { return nil }
    return ProcCgroup(text).path
  }

  func userName(_ uid: UInt32) -> [UInt8]? { users.name(of: uid) }

  func interfaceName(_ index: UInt32, in namespace: UInt32) -> [UInt8]? {
    interfaces(of: namespace).name(of: index)
  }

  func interfaceIndex(named name: [UInt8]) -> UInt32? {
    interfaces(of: places.first?.inode ?? 0).index(of: name)
  }

  /// Asked once for each namespace, when the first socket bound to an interface comes by.
  private func interfaces(of namespace: UInt32) -> Interfaces {
    if let known = interfaces[namespace] { return known }
    let place = places.first { $0.inode == namespace } ?? .here
    var ignored: [Gap] = []
    let found = Interfaces(in: place, through: kernel, gaps: &ignored)
    interfaces[namespace] = found
    return found
  }

  func namespaceName(_ namespace: UInt32) -> String? {
    places.first { $0.inode == namespace }?.name
  }
}
