import Diagnosis
import ProcNet

/// Keys of documents, and of what only one command writes.
extension JSONObject {
  static let document = JSONObject(
    "document", "what sockinspect's commands write with --json",
    [
      .required(
        "schema", .constant("sockinspect/1"),
        "`sockinspect/1`; the number grows when a key goes away or changes its meaning",
        "New keys can come at any time."),
      .required(
        "command", .word(["list", "listen", "diagnose", "watch", "counters", "explain", "demo"]),
        "the command that wrote the document"),
      .required(
        "time", .matching("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$"),
        "when the command began, in UTC with milliseconds", "As `2026-11-23T03:22:47.123Z`."),
      .required("host", .text, "name of the host"),
      .required("kernel", .text, "release of its kernel"),
      .optional("sockets", .list(.reference("socket")), "`list`: the sockets"),
      .optional(
        "listeners", .list(.reference("listener")),
        "`listen` and `watch`: the listening sockets, those in trouble first"),
      .optional(
        "counters", .list(.either(["counter", "watched_counter"])),
        "`counters` and `watch --view counters`: the kernel's protocol counters"),
      .optional("topics", .list(.reference("topic")), "`explain`: what was asked for"),
      .optional("scenarios", .list(.reference("scenario")), "`demo --list`: what it can make"),
      .optional(
        "rows", .list(.map(keys: "^[a-z0-9_]+$", .scalar(["string", "integer", "number"]))),
        "with `--columns`: the columns that were chosen, dashes written as underscores",
        "Columns of numbers have numbers, others the text of the table."),
      .optional("total", .count, "with `-s`, and of `watch --view states`: number of sockets"),
      .optional(
        "summary", .list(.reference("summary")),
        "with `-s`, and of `watch --view states`: counts by kind and state"),
      .optional("verdict", .text, "`diagnose`: the answer in one sentence"),
      .optional(
        "severity", .word(["ok"] + Severity.allCases.map(\.name)),
        "`diagnose`: the worst severity that was found", "`ok` when nothing was found."),
      .optional(
        "target", .text, "`diagnose`: what was asked about, as it was typed",
        "Absent when it was the whole host."),
      .optional("looked_at", .reference("looked_at"), "`diagnose`: how much the answer covers"),
      .optional(
        "roots", .list(.reference("root")),
        "`diagnose`: the root causes that are a warning or worse, worst first"),
      .optional(
        "findings", .list(.reference("finding")),
        "`diagnose`: worst first, each cause before what follows from it",
        "Notices are among them, whether or not `--all` is given."),
      .optional(
        "chain", .list(.reference("chain_link")),
        "`diagnose`: the chain of the finding that the answer begins with"),
      .optional(
        "catalogue", .list(.reference("finding_kind")),
        "`diagnose --list-findings`: what can be found"),
      .optional(
        "counts_age_ms", .count, "`watch`: how long before this sample connections were counted",
        """
        Of that time are `connections`, `syn_queue`, the ages, `abandoned` and `unread_bytes` of \
        listeners, and the whole `summary`. Absent when they are of this sample.
        """),
      .optional(
        "owners_age_ms", .count, "`watch`: how long before this sample owners were looked for",
        "Absent when they are of this sample."),
      .required(
        "incomplete", .list(.reference("gap")),
        "what could not be read; empty when nothing is missing"),
    ])

  static let gap = JSONObject(
    "gap", "something that could not be read",
    [
      .required(
        "kind", .word(Gap.Kind.allCases.map(\.rawValue)), "what kind of thing could not be read",
        "`limits` are those of accept queues."),
      .required("missing", .text, "what could not be read"),
      .required("reason", .text, "why it could not be read"),
      .optional("remedy", .text, "what would show it", "Absent when nothing would."),
    ])

  static let topic = JSONObject(
    "topic", "what there is to say of a word",
    [
      .required("name", .text, "as it is seen on the screen"),
      .required("kinds", .list(.text), "where it is met: `state`, `column of list`, `counter` …"),
      .optional("spellings", .list(.text), "other spellings that explain takes"),
      .required("means", .text, "what it means, in one sentence"),
      .optional("text", .list(.text), "more about it, paragraphs"),
      .optional(
        "sections",
        .list(
          .object([
            .required("title", .text, "heading of a list: Do, Don't"),
            .required("lines", .list(.text), "lines of a list"),
          ])), "lists under a heading: what to do and what not"),
      .optional("look", .list(.text), "commands that show more"),
    ])

  static let scenario = JSONObject(
    "scenario", "what demo can make",
    [
      .required("name", .text, "as it is typed after `demo`"),
      .required("summary", .text, "what it is, in one line"),
      .required("recipe", .text, "how it is made"),
      .required("expects", .list(.findingID), "findings that `diagnose` must have"),
      .required("allows", .list(.findingID), "findings that `diagnose` may have as well"),
      .optional("healthy_twin_of", .text, "the sick scenario that it is the healthy twin of"),
      .required("needs", .list(.text), "what it cannot do without"),
    ])

  static let heldScenario = JSONObject(
    "held_scenario", "what `demo SCENARIO --hold` writes when the state of the scenario is reached",
    [
      .required("scenario", .text, "its name"),
      .required("expects", .list(.findingID), "findings that `diagnose` must have"),
      .required("allows", .list(.findingID), "findings that `diagnose` may have as well"),
      .required("pids", .list(.count), "its processes"),
      .optional("netid", .netid, "kind of its first listener"),
      .optional("address", .text, "address of its first listener"),
      .optional("port", .count, "port of its first listener"),
      .optional("path", .text, "path of its first listener, if that is a unix socket"),
      .required(
        "servers",
        .list(
          .object([
            .required("pid", .count, "its process"),
            .required("netid", .netid, "kind of its listener"),
            .optional("address", .text, "its address"),
            .optional("port", .count, "its port"),
            .optional("path", .text, "its path, if it is a unix socket"),
          ])), "its servers"),
      .optional("netns", .count, "a process in the scenario's own network namespace"),
      .optional("note", .text, "what else there is to know"),
      .optional("target", .text, "what to give to `diagnose`"),
      .optional("try", .text, "what to type next, in another terminal"),
    ])
}

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
