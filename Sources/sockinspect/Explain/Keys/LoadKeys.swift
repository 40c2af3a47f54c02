import DemoServers

/// Keys of the report of a load.
extension JSONObject {
  static let loadReport = JSONObject(
    "load_report", "what load --json writes; times are in nanoseconds",
    [
      .required("schema", .constant("sockinspect/1"), "the same as of other documents"),
      .required("command", .constant("load"), "the command that wrote the document"),
      .required("target", .text, "the address, as it was typed"),
      .required("kind", .word(LoadKind.allCases.map(\.rawValue)), "kind of client"),
      .required(
        "end", .word(LoadEnd.allCases.map(\.rawValue)), "why it ended",
        "`finished`: every client did its part; `time`: the duration was over; `input`: standard input ended; `signal`: a signal came."
      ),
      .required("duration_ns", .count, "how long it took"),
      .required(
        "connections",
        .object([
          .required("asked", .count, "connections that were asked for"),
          .required("allowed", .count, "connections that the limit of open files allows"),
          .required("tried", .count, "connects that were begun, second attempts included"),
          .required("connected", .count, "connects that succeeded"),
          .required("open", .count, "connections that were open at the end"),
          .required(
            "unfinished", .count, "connects that had neither succeeded nor failed at the end"),
          .required("refused", .count, "connects that were refused"),
          .required("reset", .count, "connections that the server reset"),
          .required("timed_out", .count, "connects and answers that were given up, `--timeout`"),
          .required(
            "closed_by_server", .count, "connections that the server closed before an answer"),
          .required(
            "other_failures", .map(keys: nil, .count), "other failures, by the words for the error"),
        ]), "what became of the connections"),
      .optional(
        "requests",
        .object([
          .optional("asked", .count, "messages that were asked for, `--requests`"),
          .required("sent", .count, "messages sent whole"),
          .optional("answered", .count, "messages whose echo came"),
          .optional("unanswered", .count, "messages sent whose answer is missing"),
          .optional("wrong", .count, "answers that were not the message itself"),
          .optional("repeated", .count, "messages that were sent again over another connection"),
          .optional("answered_per_second", .decimal, "answers per second"),
          .required("bytes_sent", .count, "bytes sent"),
          .required("bytes_received", .count, "bytes received"),
        ]), "what became of the messages",
        "Absent for kinds of client that send none; the answers only of `talk`."),
      .optional(
        "connect_ns", .reference("durations"), "how long connects took",
        "Absent when none succeeded."),
      .optional(
        "latency_ns", .reference("durations"),
        "how long answers took, from the first byte of the message to the last of its answer",
        "Absent when none came."),
    ])

  static let durations = JSONObject(
    "durations", "how long many things took, nanoseconds",
    [
      .required("count", .count, "number of measurements"),
      .required("min", .count, "the shortest"),
      .required("p50", .count, "half of them took at most this"),
      .required("p90", .count, "nine in ten took at most this"),
      .required("p99", .count, "99 in 100 took at most this"),
      .required("max", .count, "the longest"),
    ])
}
