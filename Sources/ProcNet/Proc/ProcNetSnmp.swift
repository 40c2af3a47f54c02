/// `/proc/net/snmp`: the counters that the SNMP standard names, groups `Ip`, `Icmp`, `IcmpMsg`,
/// `Tcp`, `Udp`, `UdpLite`, of one network namespace.
public enum ProcNetSnmp {
  public static func decode(_ text: Span<UInt8>) -> CounterTable { CounterLines.decode(text) }
}
