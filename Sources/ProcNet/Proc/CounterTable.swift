/// One number that the kernel counts, with the kernel's own names.
public struct KernelCounter: Sendable, Hashable {
  /// `TcpExt`, `Tcp`, `UDP6`; without the colon.
  public var group: String
  /// `ListenOverflows`.
  public var name: String
  /// Counters rise from 0 to 2^64 - 1; a few are settings or levels, and `MaxConn` of `Tcp` is -1
  /// for no limit.
  public var value: Int128

  public init(group: String, name: String, value: Int128) {
    self.group = group
    self.name = name
    self.value = value
  }
}

/// The counters of one `/proc` file in the kernel's order.
public struct CounterTable: Sendable, Equatable {
  public var counters: [KernelCounter]
  /// The full names of those whose value is not a number, or missing.
  public private(set) var unread: [String] = []

  public init(counters: [KernelCounter] = []) { self.counters = counters }

  /// Adds a counter as it was written.
  mutating func add(_ group: String, _ name: String, _ text: String?) {
    guard let text, let value = Self.number(text) else { return unread.append(group + name) }
    counters.append(KernelCounter(group: group, name: name, value: value))
  }

  /// What a signed or an unsigned number of the kernel's can be.
  private static func number(_ text: String) -> Int128? {
    let least = Int128(Int64.min)
    return Int128(text).flatMap { (least...Int128(UInt64.max)).contains($0) ? $0 : nil }
  }

  /// That some values could not be read.
  public func gap(of path: String) -> Gap? {
    guard let first = unread.first else { return nil }
    let others = unread.count > 1 ? " and \(unread.count - 1) more" : ""
    return Gap(
      .counters, missing: "\(first)\(others) of \(path)", reason: "the value is not a number")
  }

  /// A counter's value; nil when this kernel does not have it.
  public subscript(_ group: String, _ name: String) -> Int128? {
    counters.first { $0.group == group && $0.name == name }?.value
  }
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
