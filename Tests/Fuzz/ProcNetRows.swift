// Seeds: /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/unix /proc/net/packet
@testable import ProcNet

/// Rows of the socket tables in /proc/net, each line read as a row of every table.
func fuzz(_ input: Span<UInt8>) {
  input.forEachLine { line in
    for family in [AddressFamily.inet, .inet6] {
      _ = ProcNetTCP.decode(line: line, family: family)
      for netid in [Netid.udp, .raw] {
        _ = ProcNetUDP.decode(line: line, netid: netid, family: family, drops: true)
      }
    }
    _ = ProcNetPacket.decode(line: line)
    _ = ProcNetUnix.decode(line: line)
  }
}
