import ProcNet

/// The surroundings of the sockets of one host, collected before the listing as far as somebody
/// needs them.
final class HostFacts: Surroundings {
  private let kernel: any Kernel
  private let places: [NamespacePlace]
  private var owners: OwnerIndex?
  private var listeners = ListenerIndex()
  private var peers: PeerIndex?

  init(kernel: any Kernel, places: [NamespacePlace]) {
    self.kernel = kernel
    self.places = places
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

  private func collectListeners(
    from source: any SocketSource, gaps: inout [Gap]
  ) throws(KernelError) {
    var ignored: [Gap] = []
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
    var index = PeerIndex()
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

  func owners(of socket: borrowing Socket) -> [Owner] {
    guard socket.inode != 0, let owners else { return [] }
    return owners.owners(of: socket.inode)
  }

  func standing(of socket: borrowing Socket) -> Standing { listeners.standing(of: socket) }

  func peerOwners(of socket: borrowing Socket) -> [Owner] {
    guard let owners, let peers, let inode = peers.inode(oppositeTo: socket) else { return [] }
    return owners.owners(of: inode)
  }

  func controlGroup(of socket: borrowing Socket) -> [UInt8]? { nil }
  func service(of socket: borrowing Socket) -> String? { nil }
  func container(of socket: borrowing Socket) -> String? { nil }
  func userName(_ uid: UInt32) -> [UInt8]? { nil }
  func interfaceName(_ index: UInt32, in namespace: UInt32) -> [UInt8]? { nil }
  func interfaceIndex(named name: [UInt8]) -> UInt32? { nil }

  func namespaceName(_ namespace: UInt32) -> String? {
    places.first { $0.inode == namespace }?.name
  }
}
