@testable import ProcNet

/// One message of a TCP, UDP or raw dump, with its attributes.
func fuzz(_ input: Span<UInt8>) {
  for netid in [Netid.tcp, .udp, .raw] {
    let full = InetDiagMessage.decode(input, netid, details: .all)
    let bare = InetDiagMessage.decode(input, netid, details: [])
    require((full == nil) == (bare == nil), "asking for less decides which rows there are")
    for field in TCPInfoField.all { _ = full?.details?.tcp?[field] }
  }
}
