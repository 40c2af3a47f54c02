import ProcNet

@testable import sockinspect

/// The context of rows made by hand: who holds which inode, and what is known of the host.
struct RowContext: SocketContext {
  var owners: [UInt32: [Owner]] = [:]
  var ownerships: [UInt64: Ownership] = [:]
  var group: String?
  /// Of every socket: its service and its container.
  var belonging: (service: String, container: String)?

  func owners(of socket: borrowing Socket) -> [Owner] { owners[socket.inode] ?? [] }
  func ownership(of socket: borrowing Socket) -> Ownership {
    ownerships[socket.cookie ?? 0] ?? .held
  }
  func peerOwners(of socket: borrowing Socket) -> [Owner] { [] }
  func controlGroup(of socket: borrowing Socket) -> [UInt8]? { group.map { Array($0.utf8) } }
  func service(of socket: borrowing Socket) -> String? { belonging?.service }
  func container(of socket: borrowing Socket) -> String? { belonging?.container }
  func userName(_ uid: UInt32) -> [UInt8]? { nil }
  func interfaceName(_ index: UInt32, in namespace: UInt32) -> [UInt8]? {
    index == 1 ? Array("lo".utf8) : nil
  }
  func interface(named name: [UInt8]) -> Interfaces.Search { .missing }
  func namespaceName(_ namespace: UInt32) -> String? { nil }
}

extension Owner {
  init(_ command: String, _ process: Int32, _ descriptor: Int32) {
    self.init(process: process, descriptor: descriptor, command: Array(command.utf8))
  }
}
