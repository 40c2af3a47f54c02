import ProcNet

@testable import sockinspect

/// What somebody types as a filter: it is read or refused, spelled again, put to a socket and
/// compiled for the kernel.
func fuzz(_ input: Span<UInt8>) {
  let text = String(decoding: (0..<input.count).map { input[$0] }, as: UTF8.self)
  guard let filter = try? Filter.parse([text], ParseContext()) else { return }
  require(!filter.expression.description.isEmpty, "a filter has no spelling")
  for netid in [Netid.tcp, .unixStream, .packetRaw] {
    let socket = Socket(netid: netid, family: .inet, state: .established)
    _ = filter.matches(socket, NothingKnown())
  }
  if let program = filter.kernelProgram() { check(program) }
}

/// inet_diag takes whole words, in an attribute whose length has 16 bits.
private func check(_ program: [UInt8]) {
  require(program.count % 4 == 0, "the byte code is not made of words")
  require(program.count <= 0xFFFF - 4, "the byte code does not fit its attribute")
}

/// A host on which a socket is all that there is to know about it.
private struct NothingKnown: SocketContext {
  func owners(of socket: borrowing Socket) -> [Owner] { [] }
  func ownership(of socket: borrowing Socket) -> Ownership { .held }
  func peerOwners(of socket: borrowing Socket) -> [Owner] { [] }
  func controlGroup(of socket: borrowing Socket) -> [UInt8]? { nil }
  func service(of socket: borrowing Socket) -> String? { nil }
  func container(of socket: borrowing Socket) -> String? { nil }
  func userName(_ uid: UInt32) -> [UInt8]? { nil }
  func interfaceName(_ index: UInt32, in namespace: UInt32) -> [UInt8]? { nil }
  func interface(named name: [UInt8]) -> Interfaces.Search { .missing }
  func namespaceName(_ namespace: UInt32) -> String? { nil }
}
