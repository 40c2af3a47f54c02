/// `/proc/net/snmp6`: the counters of IPv6 of one network namespace, a name and a value each.
///
///     Ip6InReceives                   	1
///     Icmp6OutType135                 	4
///
/// Group and name are one word there. The groups are `Ip6`, `Icmp6`, `Udp6` and `UdpLite6`.
enum ProcNetSnmp6 {
  private static let groups = ["Ip6", "Icmp6", "UdpLite6", "Udp6"]

  static func decode(_ text: Span<UInt8>) -> CounterTable {
    var table = CounterTable()
    text.forEachLine { line in
      var fields = FieldReader(line)
      guard let word = fields.textColumn() else { return }
      let group = groups.first { word.hasPrefix($0) } ?? ""
      let name = String(word.dropFirst(group.count))
      table.add(group, name, fields.textColumn())
    }
    return table
  }
}
