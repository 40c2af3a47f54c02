import ProcNet

/// The processes at both ends of a connection, in words and as evidence.
struct ConnectionDescription {
  let host: HostObservation

  init(_ host: HostObservation) { self.host = host }

  /// The owner of the other end; nil when it is not on this host, or in an accept queue.
  func peer(of socket: Socket) -> Owner? {
    guard let other = host.table.opposite(of: socket), other.inode != 0 else { return nil }
    return host.holders(of: other.inode).first
  }

  /// The descriptor by which a process has a socket open.
  func descriptor(of socket: Socket, in process: Int32?) -> Int32? {
    guard let process else { return nil }
    return host.holders(of: socket.inode).filter { $0.process == process }.map(\.descriptor).min()
  }

  /// `fd 4, the connection from 127.0.0.1:35628 (python3, pid 3135)`.
  func text(of socket: Socket, in process: Int32?) -> String {
    let came = host.table.listener(of: socket) != nil
    let ends = "the connection \(came ? "from" : "to") \(Peers(host).text(of: socket))"
    guard let number = descriptor(of: socket, in: process) else { return ends }
    return "fd \(number), \(ends)"
  }

  /// A fact about a connection, with both ends, its owner and descriptor.
  func evidence(
    _ fact: String, _ number: some BinaryInteger, unit: String?, source: String, of socket: Socket,
    in process: Int32?
  ) -> Evidence {
    Evidence(fact, number, unit: unit, source: source).on(socket)
      .of(process: process, descriptor: descriptor(of: socket, in: process))
  }

  /// The owner of the other end, as a fact; nil when no process on this host has it open.
  func peerEvidence(of socket: Socket) -> Evidence? {
    guard let other = host.table.opposite(of: socket), let owner = peer(of: socket) else {
      return nil
    }
    return Evidence(
      "owner of the other end", String(rawBytes: owner.command),
      source: "/proc/\(owner.process)/fd/\(owner.descriptor)"
    ).on(other).of(process: owner.process, descriptor: owner.descriptor)
  }
}
