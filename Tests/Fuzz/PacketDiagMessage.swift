@testable import ProcNet

/// One message of a packet dump, with its attributes.
func fuzz(_ input: Span<UInt8>) {
  _ = PacketDiagMessage.decode(input)
}
