// Seeds: /proc/net/netstat /proc/net/snmp /proc/net/snmp6 /proc/net/sockstat /proc/net/sockstat6
@testable import ProcNet

/// The counters of the kernel's protocols.
func fuzz(_ input: Span<UInt8>) {
  _ = ProcNetNetstat.decode(input)
  _ = ProcNetSnmp.decode(input)
  _ = ProcNetSnmp6.decode(input)
  _ = ProcSockstat.decode(input)
}
