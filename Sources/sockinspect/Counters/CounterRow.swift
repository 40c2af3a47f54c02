import Diagnosis
import ProcNet

/// A counter with what it did between two samples, and what it means.
struct CounterRow {
  let counter: KernelCounter
  let namespace: NetworkNamespace
  let description: CounterDescription?
  let change: CounterChange?

  init(_ counter: KernelCounter, in namespace: NetworkNamespace, change: CounterChange? = nil) {
    self.counter = counter
    self.namespace = namespace
    description = CounterDictionary.description(of: counter.group, counter.name)
    self.change = change
  }

  /// What is not in the dictionary is taken for what nearly all of them are.
  var kind: CounterDescription.Kind { description?.kind ?? .counter }

  /// One line without markup; of one that is not known that it is not.
  var meaning: String {
    guard let description else { return "not known to this version of sockinspect" }
    return Prose(description.raised).plain
  }

  /// What changed; nil for settings, and where a counter went backwards.
  var delta: Int128? {
    guard let change, kind != .setting, !wentBack else { return nil }
    return change.delta
  }

  /// Counters only: of a level, a rate says nothing.
  var rate: EventRate? {
    guard kind == .counter, let delta, let change else { return nil }
    return EventRate(events: UInt64(clamping: delta), interval: change.interval)
  }

  /// A counter that fell: the kernel's number wrapped, or it is another namespace's.
  var wentBack: Bool { kind == .counter && (change.map { $0.delta < 0 } ?? false) }
}

/// What a counter did between two samples.
struct CounterChange: Equatable {
  let delta: Int128
  /// Milliseconds; at least 1.
  let interval: UInt64
}

extension ColumnSet<CounterRow> {
  /// The columns of `counters`.
  static let counters = ColumnSet(
    [
      Column("netns", "Netns", "network namespace: name, or inode number") { row, _ in
        if let name = row.namespace.name { return .name(name.rawBytes) }
        return row.namespace.inode == 0 ? .unknown : .words(String(row.namespace.inode))
      },
      .name("name", "Name", "group and name of the counter, as nstat spells it") { row, _ in
        row.counter.fullName.rawBytes
      }.explained("For example `TcpExtListenDrops`."),
      .name("group", "Group", "group of the counter, as the kernel names it") { row, _ in
        row.counter.group.rawBytes
      }.explained(
        """
        It is `TcpExt`, `IpExt`, `MPTcpExt`, `Ip`, `Icmp`, `IcmpMsg`, `Tcp`, `Udp`, `UdpLite`, `Ip6`, \
        `Icmp6`, `Udp6`, `UdpLite6`, or one of `/proc/net/sockstat`.
        """),
      .number("value", "Value", "what it is now; counters rise from 0") {
        .signed($0.counter.value)
      }.toned { row, _ in row.counter.value == 0 ? .faint : .plain }
        .explained("With `--interval` it is that of the second sample."),
      .number("delta", "Delta", "what changed in the interval") { row in
        row.delta.map { .change($0) } ?? .unknown
      }.toned(rise).explained(
        """
        Not known without `--interval`, of settings, and of a counter that went backwards, for \
        which a note gives the reason.
        """),
      .number("per-second", "Per second", "the same per second") { row in
        row.rate.map { .rate($0) } ?? .unknown
      }.toned(rise).explained("Of counters only; levels have none."),
      .number("interval", "Interval-ms", "milliseconds between the two samples") {
        .count($0.change?.interval)
      }.also("interval-ms"),
      Column("kind", "Kind", "counter, level (goes up and down) or setting") { row, _ in
        .words(row.kind.rawValue)
      },
      Column("meaning", "Meaning", "of a counter: rises each time … ; else what it is") {
        row, _ in .words(row.meaning)
      }.prose().explained("It completes a sentence that begins with “it rises each time”."),
    ], command: "counters")

  /// What rises is what to look at; zeros are faint.
  @Sendable private static func rise(
    _ row: borrowing CounterRow, _ context: any SocketContext
  ) -> Palette.Tone {
    (row.delta ?? 0) == 0 ? .faint : row.kind == .counter ? .attention : .plain
  }
}

/// A counter as a JSON object; what is not known is a missing key.
enum CounterJSON {
  static func append(
    _ row: CounterRow, at time: UInt64?, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.open("{", &writer)
    if let time { json.member("time", text: TimeText.iso8601(milliseconds: time), &writer) }
    json.member("name", text: row.counter.fullName, &writer)
    json.member("group", text: row.counter.group, &writer)
    json.key("value", &writer)
    Value.signed(row.counter.value).append(to: &json, &writer)
    if let delta = row.delta {
      json.key("delta", &writer)
      Value.signed(delta).append(to: &json, &writer)
    }
    if let rate = row.rate {
      json.key("per_second", &writer)
      Value.rate(rate).append(to: &json, &writer)
    }
    json.member("interval_ms", row.change?.interval, &writer)
    if row.namespace.inode != 0 { json.member("netns", row.namespace.inode, &writer) }
    json.member("netns_name", bytes: row.namespace.name?.rawBytes, &writer)
    json.member("kind", plain: row.kind.rawValue, &writer)
    if row.description != nil { json.member("meaning", text: row.meaning, &writer) }
    json.close("}", &writer)
  }
}
