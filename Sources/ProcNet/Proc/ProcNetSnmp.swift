/// `/proc/net/snmp`: the counters that the SNMP standard names, groups `Ip`, `Icmp`, `IcmpMsg`,
/// `Tcp`, `Udp`, `UdpLite`, of one network namespace.
public enum ProcNetSnmp {
  /// Reads the file.
  public static func decode(_ text: Span<UInt8>) -> CounterTable { CounterLines.decode(text) }
}

/// `/proc/net/netstat`: Linux's own counters, groups `TcpExt`, `IpExt`, `MPTcpExt` (since Linux
/// 5.6), of one network namespace.
public enum ProcNetNetstat {
  /// Reads the file.
  public static func decode(_ text: Span<UInt8>) -> CounterTable { CounterLines.decode(text) }
}

/// Pairs of lines, one with names and one with values, as `/proc/net/snmp` and `/proc/net/netstat`
/// have them:
///
///     Udp: InDatagrams NoPorts InErrors
///     Udp: 21 0 0
struct CounterLines {
  private(set) var table = CounterTable()
  /// The line of names that still waits for its values.
  private var group = ""
  private var names: [String] = []

  static func decode(_ text: Span<UInt8>) -> CounterTable {
    var lines = CounterLines()
    text.forEachLine { lines.take($0) }
    return lines.table
  }

  /// A line of the waiting group has its values; any other line has names. A value without a name
  /// is left out, a name without a value is told as unread.
  private mutating func take(_ line: Span<UInt8>) {
    var fields = FieldReader(line)
    guard let title = fields.textColumn(), title.hasSuffix(":") else { return }
    let group = String(title.dropLast())
    if !names.isEmpty && group == self.group {
      takeValues(&fields)
      names = []
    } else {
      self.group = group
      names = fields.textColumns()
    }
  }

  private mutating func takeValues(_ fields: inout FieldReader) {
    for name in names {
      table.add(group, name, fields.textColumn())
    }
  }
}
