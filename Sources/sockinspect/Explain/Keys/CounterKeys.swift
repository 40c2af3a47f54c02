import Diagnosis

/// Keys of counters.
extension JSONObject {
  static let counter = JSONObject(
    "counter", "a counter of the kernel",
    [
      .optional(
        "time", .text, "with `--interval` and `--format jsonl`: when the interval ended, UTC"),
      .required("name", .text, of: ColumnSet.counters["name"]),
      .required("group", .text, of: ColumnSet.counters["group"]),
      .required("value", .number(), of: ColumnSet.counters["value"]),
      .optional("delta", .number(), of: ColumnSet.counters["delta"]),
      .optional("per_second", .decimal, of: ColumnSet.counters["per-second"]),
      .optional("interval_ms", .count, of: ColumnSet.counters["interval"]),
      .optional("netns", .count, "inode of the network namespace"),
      .optional("netns_name", .text, "its name under `/run/netns`"),
      .required(
        "kind", .word(CounterDescription.Kind.allCases.map(\.rawValue)),
        of: ColumnSet.counters["kind"]),
      .optional("meaning", .text, of: ColumnSet.counters["meaning"]),
    ])

  static let watchedCounter = JSONObject(
    "watched_counter", "a counter of the kernel as watch shows it",
    [
      .required("group", .word(["Tcp", "TcpExt", "Udp"]), "the kernel's name of the group"),
      .required("name", .text, "the kernel's name of the counter, without the group"),
      .required(
        "value", .count, "counted since the namespace began, summed over the namespaces in view"),
      .optional("delta", .count, "how much it rose since the sample before"),
      .optional("interval_ms", .count, "time since the sample before"),
      .optional("per_s", .decimal, "`delta` per second"),
    ])
}
