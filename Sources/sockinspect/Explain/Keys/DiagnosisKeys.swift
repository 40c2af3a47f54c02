import Diagnosis

/// Keys of diagnoses.
extension JSONObject {
  static let lookedAt = JSONObject(
    "looked_at", "how much the answer covers",
    [
      .optional("namespaces", .count, "network namespaces that were read; absent when it was one"),
      .required("listeners", .count, "listening sockets that were read"),
      .required("sockets", .count, "connections that were read"),
      .required("processes", .count, "processes that were read"),
      .optional(
        "interval_ms", .count,
        "milliseconds from the first sample to the last; absent when there was one"),
    ])

  static let root = JSONObject(
    "root", "a root cause with all that follows from it",
    [
      .required("title", .text, "the root cause in one sentence, without a full stop"),
      .required("severity", .severity, "the worst of the cause and its effects"),
      .optional(
        "waiting", .reference("root_waiting"),
        "how much waits behind it; absent when that is not known"),
      .required(
        "path", .list(.reference("path_step")),
        "the chain from the clients that wait to the root cause"),
      .required("findings", .list(.text), "ids of its findings, the cause first, then its effects"),
    ])

  static let rootWaiting = JSONObject(
    "root_waiting", "how much waits, and for how long",
    [
      .optional("requests", .number(from: 0), "requests without an answer"),
      .optional("connections", .number(from: 0), "connections that wait to be accepted"),
      .optional(
        "oldest_ms", .number(from: 0), "milliseconds that the oldest of them has been waiting"),
    ])

  static let pathStep = JSONObject(
    "path_step", "a step on the way to the root cause",
    [
      .required("process", .text, "the name of a process (comm)"),
      .required("pid", .number(from: 0), "number of that process"),
      .optional(
        "listener", .text,
        "the address at which those before it reach it; absent for a step inside a process"),
      .optional("waits_for", .text, "what it waits for, in words"),
      .optional(
        "since_ms", .number(from: 0),
        "milliseconds since it began to wait; absent when that is not known"),
    ])

  static let finding = JSONObject(
    "finding", "something that is wrong, or worth knowing",
    [
      .required("id", .findingID, "the kind of finding", "An id never changes its meaning."),
      .required("severity", .severity, "how much it matters"),
      .required("title", .text, "one sentence with its figures, without a full stop"),
      .required(
        "confidence", .word(Confidence.allCases.reversed().map(\.name)), "how sure it is",
        """
        `certain`: the kernel says so; `likely`: a fact that would prove it could not be \
        seen; `possible`: something else could look the same.
        """),
      .required(
        "subject", .reference("subject"),
        "what it is about; the one key says which kind of thing it is"),
      .required("explanation", .text, "what goes on, a paragraph on each line"),
      .required("evidence", .list(.reference("evidence")), "the facts that it rests on"),
      .optional(
        "chain", .list(.reference("chain_link")), "who waits for whom, from here to the root cause"),
      .optional(
        "workers", .list(.reference("busy_worker")),
        "the busy workers of the server, where that is what it is about"),
      .required(
        "remedy", .list(.text), "what to do",
        "Backquotes mark literal words, here and in the next two."),
      .required("avoid", .list(.text), "what not to do"),
      .required("check", .list(.text), "commands to see it by hand"),
      .required(
        "because", .list(.findingID),
        "ids of the findings that cause this one; empty for a root cause"),
      .optional(
        "because_of", .list(.reference("finding_reference")), "the same with their subjects"),
      .optional("demo", .text, "a scenario that shows it: `sockinspect demo NAME --hold`"),
    ])

  static let busyWorker = JSONObject(
    "busy_worker", "a worker of a server that is not free, and why",
    [
      .required("pid", .number(from: 1), "number of its process"),
      .required("tid", .number(from: 1), "number of its thread; that of the process for the first"),
      .required("command", .text, "the name of that process (comm)"),
      .optional("call", .text, "the system call that it is in; absent when it computes"),
      .optional("fd", .count, "the descriptor that it waits at"),
      .required("doing", .text, "what it does, or waits for, in words"),
      .optional("peer", .text, "the other end of the connection that it works on"),
      .optional("since_ms", .count, "milliseconds for which it has been waiting"),
    ])

  static let findingReference = JSONObject(
    "finding_reference", "a finding by its id and what it is about",
    [
      .required("id", .findingID, "id of the finding that causes this one"),
      .required("subject", .reference("subject"), "what that finding is about"),
    ])

  static let subject = JSONObject(
    "subject", "what it is about; the one key says what it is",
    [
      .optional("listener", .reference("socket_name"), "the listening socket that it is about"),
      .optional("socket", .reference("socket_name"), "the socket that it is about"),
      .optional(
        "process",
        .object([
          .required("pid", .number(from: 1), "number of that process"),
          .required("command", .text, "the name of that process (comm)"),
        ]), "the process that it is about"),
      .optional(
        "host",
        .object([
          .required("name", .text, "name of that host")
        ]), "the host, when it is about that"),
    ])

  static let socketName = JSONObject(
    "socket_name", "a socket by what people know it by",
    [
      .required("netid", .netid, "kind of the socket"),
      .optional("local", .reference("endpoint"), "its own end"),
      .optional("peer", .reference("endpoint"), "its other end; absent when it has none"),
      .optional("v6only", .flag, "whether a wildcard of IPv6 leaves out IPv4"),
      .optional("path", .text, "unix: the path it is bound to"),
      .optional("abstract", .alwaysTrue, "unix: true when the name is abstract, not a file"),
      .required(
        "inode", .number(from: 0, to: 4294967295), "inode of the socket; 0 when no process owns it"
      ),
      .optional("netns", .number(from: 1, to: 4294967295), "inode of its network namespace"),
    ])

  static let evidence = JSONObject(
    "evidence", "one fact, and where it can be looked up",
    [
      .required("fact", .text, "what the fact is"),
      .required(
        "value", .scalar(["integer", "string", "boolean"]),
        "its value: a number, a word, or whether it is so"),
      .optional(
        "unit", .text, "unit of a number: connections, ms, bytes",
        "Absent for words and bare numbers."),
      .required(
        "source", .text, "where the fact can be looked up",
        "As `sock_diag idiag_rqueue` or `/proc/3040/syscall`."),
      .optional("pid", .number(from: 1), "the process that the fact is about"),
      .optional("tid", .number(from: 1), "the thread that the fact is about"),
      .optional("fd", .number(from: 0), "the descriptor that the fact is about"),
      .optional(
        "local", .reference("endpoint"), "the own end of the connection that the fact is about"),
      .optional("peer", .reference("endpoint"), "the other end of that connection"),
      .optional("path", .text, "unix: the path of the socket that the fact is about"),
    ])

  static let chainLink = JSONObject(
    "chain_link", "a thread, what it does, and for whom it waits",
    [
      .required("pid", .number(from: 1), "the process that waits"),
      .optional("tid", .number(from: 1), "the thread that waits"),
      .required("command", .text, "the name of that process"),
      .optional(
        "call", .text, "the system call that it is in; `running` or `stopped` when it is in none",
        "Absent when it could not be seen."),
      .optional("fd", .number(from: 0), "the descriptor that it waits at"),
      .optional("since_ms", .count, "milliseconds since it last moved"),
      .optional(
        "waits_for",
        .object([
          .required(
            "kind", .word(ChainLink.Target.Kind.allCases.map(\.rawValue)),
            "what kind of thing is waited for"),
          .required("text", .text, "the same in words"),
          .optional(
            "socket", .reference("socket_name"), "the connection or listener that is waited for"),
          .optional("pid", .number(from: 1), "the process that is waited for"),
          .optional("process", .text, "command of that pid"),
        ]), "what is waited for"),
    ])

  static let findingKind = JSONObject(
    "finding_kind",
    """
    what there is to say of a kind of finding; backquotes mark literal words, and PORT, \
    PID and the like stand for those of the case
    """,
    [
      .required(
        "id", .findingID, "the id of this kind of finding, which never changes its meaning"),
      .required("severities", .list(.severity), "which it can have, the worst first"),
      .required("title", .text, "a heading for findings of this kind"),
      .required("means", .text, "what findings of this kind mean, in a sentence"),
      .required("condition", .text, "when it is reported, with the thresholds"),
      .required("explanation", .text, "what goes on in kernel and program, and why it matters"),
      .required(
        "remedy", .list(.text), "what to do about findings of this kind",
        "Backquotes mark literal words."),
      .required("avoid", .list(.text), "what not to do about findings of this kind"),
      .required(
        "check", .list(.text), "commands to see findings of this kind by hand",
        "Here `PORT`, `PID` and the like stand for those of the case."),
      .required("demo", .list(.text), "scenarios that show it"),
    ])
}
