import ProcNet

/// The labels of each listener: where it is, and what it belongs to.
///
/// Sockets that would have the same labels are told apart by their inode: shards of one address,
/// unix sockets of different file systems, UDP sockets of one group.
struct ListenerLabels {
  let surroundings: any SocketContext

  /// In the order of the listeners; no two are equal.
  func of(_ listeners: [Listener]) -> [MetricLabels] {
    let places = listeners.map { place(of: $0.socket) }
    let counts = places.reduce(into: [MetricLabels: Int]()) { $0[$1, default: 0] += 1 }
    var taken: Set<MetricLabels> = []
    // How many have wanted the same labels: to begin at 1 for each of them would take for ever.
    var numbers: [MetricLabels: Int] = [:]
    return zip(listeners, places).map { listener, place in
      let isShared = listener.shards > 1 || (counts[place] ?? 0) > 1
      var shard = isShared ? String(listener.socket.inode) : nil
      var labels = complete(place, shard, listener.socket)
      let wanted = labels
      var number = numbers[wanted] ?? 1
      while !taken.insert(labels).inserted {
        number += 1
        shard = "\(listener.socket.inode).\(number)"
        labels = complete(place, shard, listener.socket)
      }
      numbers[wanted] = number
      return labels
    }
  }

  private func place(of socket: Socket) -> MetricLabels {
    var labels = Self.namespace(socket.namespace, surroundings.namespaceName(socket.namespace))
    labels.add("netid", socket.netid.name)
    if socket.netid.isInternet {
      labels.add("address", AddressText.string(socket.local.address))
      labels.add("port", String(socket.local.port))
    } else {
      labels.add("path", socket.path.map(EndpointText.visible))
    }
    guard socket.interface != 0 else { return labels }
    let name = surroundings.interfaceName(socket.interface, in: socket.namespace)
    labels.add("interface", name ?? Array("if\(socket.interface)".utf8))
    return labels
  }

  private func complete(
    _ place: MetricLabels, _ shard: String?, _ socket: Socket
  ) -> MetricLabels {
    var labels = place
    labels.add("shard", shard)
    labels.add("service", surroundings.service(of: socket))
    labels.add("container", surroundings.container(of: socket))
    return labels
  }

  /// The name of a network namespace, or else its inode.
  static func namespace(_ inode: UInt32, _ name: String?) -> MetricLabels {
    var labels = MetricLabels()
    labels.add("netns", name ?? (inode == 0 ? nil : String(inode)))
    return labels
  }
}
