import ProcNet

/// What the sockets of one host can be joined with, collected before the listing as far as it is
/// needed.
final class HostFacts: SocketContext {
  private let kernel: any Kernel
  private let places: [NetworkNamespace]
  /// What could not be looked at while the host was got to know.
  private(set) var gaps: [Gap]
  private var owners: OwnerIndex?
  /// Sockets that exist and whose owners were asked for in vain.
  private var ownerless: Set<UInt32> = []
  private var listeners = ListenerIndex()
  private var peers: PeerIndex?
  private let controlGroups: Cgroups
  private var groupNames: [UInt64: CgroupName] = [:]
  private var groupsOfProcesses: [Int32: ProcessGroups?] = [:]
  private lazy var users = Users(through: kernel)
  private var interfaces: [UInt32: Interfaces] = [:]

  let names: Names?

  init(
    kernel: any Kernel, places: [NetworkNamespace], gaps: [Gap] = [], resolvesNames: Bool = false
  ) {
    names = resolvesNames ? Names(ServiceNames(through: kernel)) : nil
    self.kernel = kernel
    self.places = places
    self.gaps = gaps
    controlGroups = Cgroups(through: kernel)
  }

  /// Reads what the needs name; what could not be read is added to the gaps.
  func collect(
    _ needs: Needs, from source: any SocketSource, _ netids: NetidSet, gaps: inout [Gap]
  ) throws(KernelError) {
    groupsOfProcesses = [:]
    if needs.contains(.ownership), netids.contains(.tcp) {
      try collectListeners(from: source, gaps: &gaps)
    }
    if needs.contains(.peers) { try collectPeers(from: source, netids, gaps: &gaps) }
    if needs.contains(.owners) {
      owners = OwnerIndex.build(through: kernel, wanted: nil, gaps: &gaps)
    }
  }

  /// Notes why a filter may miss rows: names that it compares could not be read.
  func note(_ needs: FilterNeeds) {
    let found = [
      needs.contains(.userNames) ? users.gap : nil,
      needs.contains(.controlGroup) ? controlGroups.gap : nil,
    ]
    for case let gap? in found where !gaps.contains(gap) { gaps.append(gap) }
  }

  /// Looks for the holders of a few sockets only; replaces what was known of holders.
  func collectOwners(of inodes: [UInt32], gaps: inout [Gap]) {
    ownerless = []
    groupsOfProcesses = [:]
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
    for place in places {
      let query = SocketQuery(netids: .all, namespace: place)
      try source.list(query, through: kernel) { (socket) throws(KernelError) in
        if missing.contains(socket.inode) { remaining.insert(socket.inode) }
      }
    }
    if !remaining.isEmpty { gaps.append(search.gap(remaining.count)) }
  }

  private func collectListeners(
    from source: any SocketSource, gaps: inout [Gap]
  ) throws(KernelError) {
    listeners = ListenerIndex()
    for place in places {
      let query = SocketQuery(
        netids: .tcp, families: .internet, states: StateSet(.listen), namespace: place)
      try source.list(query, through: kernel) { (socket) throws(KernelError) in
        listeners.insert(socket)
      }
    }
  }

  private func collectPeers(
    from source: any SocketSource, _ netids: NetidSet, gaps: inout [Gap]
  ) throws(KernelError) {
    var index = PeerIndex(spansNamespaces: places.count > 1)
    for place in places {
      let query = SocketQuery(
        netids: netids.subtracting(.packet), states: .connected, namespace: place)
      try source.list(query, through: kernel) { (socket) throws(KernelError) in
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

  func ownership(of socket: borrowing Socket) -> Ownership { listeners.ownership(of: socket) }

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
  ///
  /// The socket's is a path of version 2. Where the holder lives in the same group and one of its
  /// other groups is a container's, that path is the manager's: the container counts. So it does
  /// where our view of the tree begins inside the container.
  private func belonging(of socket: borrowing Socket) -> CgroupName? {
    guard let id = socket.details?.cgroupID, let path = controlGroups.path(of: id) else {
      return holdersGroups(socket)?.name
    }
    let own = name(ofGroup: id, path)
    guard own.container == nil, let holder = holdersGroups(socket),
      let unified = holder.groups.unified,
      path == [47] || unified.suffix(path.count).elementsEqual(path)
    else { return own }
    return holder.name.container != nil || own.service == nil ? holder.name : own
  }

  /// The groups of a process, and the name that they come to.
  private struct ProcessGroups {
    let groups: ProcCgroup
    let name: CgroupName
  }

  private func holdersGroups(_ socket: borrowing Socket) -> ProcessGroups? {
    owners(of: socket).last.flatMap { groups(ofProcess: $0.process) }
  }

  /// Read once for each control group: thousands of sockets share one.
  private func name(ofGroup id: UInt64, _ path: [UInt8]) -> CgroupName {
    if let known = groupNames[id] { return known }
    let name = CgroupName(path: path)
    groupNames[id] = name
    return name
  }

  /// Read once for each process, which may hold thousands of sockets.
  private func groups(ofProcess process: Int32) -> ProcessGroups? {
    if let known = groupsOfProcesses[process] { return known }
    let groups = (try? kernel.contents(of: "/proc/\(process)/cgroup")).map { text in
      let groups = ProcCgroup(text)
      return ProcessGroups(groups: groups, name: CgroupName(of: groups))
    }
    groupsOfProcesses[process] = .some(groups)
    return groups
  }

  func userName(_ uid: UInt32) -> [UInt8]? { users.name(of: uid) }

  func interfaceName(_ index: UInt32, in namespace: UInt32) -> [UInt8]? {
    interfaces(of: namespace).name(of: index)
  }

  func interface(named name: [UInt8]) -> Interfaces.Search {
    interfaces(of: places.first?.inode ?? 0).search(name)
  }

  /// Asked once for each namespace, when the first socket bound to an interface comes by.
  private func interfaces(of namespace: UInt32) -> Interfaces {
    if let known = interfaces[namespace] { return known }
    let found = read(interfacesOf: places.filter { $0.inode == namespace })
    interfaces[namespace] = found
    return found
  }

  /// Namespaces whose inode is not known are all alike.
  private func read(interfacesOf places: [NetworkNamespace]) -> Interfaces {
    guard let place = places.first, places.count == 1 else {
      return .unknown(
        KernelError(
          "tell", "network namespaces apart", .malformed("their inodes could not be read")))
    }
    return Interfaces(in: place, through: kernel)
  }

  func namespaceName(_ namespace: UInt32) -> String? {
    places.first { $0.inode == namespace }?.name
  }
}
