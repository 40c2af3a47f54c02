/// What scenarios promise and the diagnosis does not find yet. To be deleted, with its uses, as
/// soon as it does.
public enum AwaitingDiagnosis {
  public static let situations: Set<String> = [
    "unanswered", "long-poll-healthy", "database-pool", "database-pool-healthy",
    "file-lock", "file-lock-polled", "stopped-terminal", "full-pipe", "nested-loop",
    "child-waited", "overload", "nobody-listens", "loopback-only",
    "hanging-mount",
  ]

  public static let findings: Set<FindingID> = [
    .overloaded, .poolExhausted, .outputBlocked, .filesystemStuck, .pathMTU, .notListening,
  ]
}
