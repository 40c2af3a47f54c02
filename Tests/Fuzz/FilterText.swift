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
    _ = filter.matches(socket, UnknownContext())
  }
  if let program = filter.kernelProgram() { check(program) }
}

/// inet_diag takes whole words, in an attribute whose length has 16 bits.
private func check(_ program: [UInt8]) {
  require(program.count % 4 == 0, "the byte code is not made of words")
  require(program.count <= 0xFFFF - 4, "the byte code does not fit its attribute")
}
