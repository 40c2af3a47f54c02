extension FindingDescription {
  static let descriptorsExhausted = FindingDescription(
    id: "descriptors-exhausted", severities: [.critical, .warning],
    title: "The process has no file descriptors left",
    means:
      """
      It has as many files open as it may, so accept fails with EMFILE and connections stay \
      queued.
      """,
    condition:
      """
      The number of open descriptors of a process that holds sockets has reached its soft limit \
      on open files (critical), or is at 90 % of it or more (warning). Limits below 16 do not \
      count: programs that lock themselves in set those on purpose.
      """,
    explanation:
      """
      Every connection takes a descriptor. At the limit `accept(2)` fails with EMFILE, and the \
      connection stays in the queue. Many programs then wait and try again, some in a loop that \
      burns a processor, and some give up listening. Files, logs and connections to other servers \
      fail as well, so the errors that are reported often name something else.
      """,
    remedy: [
      """
      See what the descriptors are. Many in CLOSE-WAIT are a leak in the program; see \
      close-wait-leak.
      """,
      """
      If all are in use for a reason, raise the limit: LimitNOFILE= of the systemd unit, or \
      `ulimit -n`; for a running process `prlimit --pid PID --nofile=SOFT:HARD`.
      """,
      "Close idle connections sooner.",
    ],
    avoid: [
      "raise the limit to cover a leak: it takes longer to fill, and is full again.",
      """
      change /etc/security/limits.conf for a service that systemd starts: that file is for \
      logins.
      """,
    ],
    check: [
      "ls /proc/PID/fd | wc -l",
      "grep 'open files' /proc/PID/limits",
      "ss -tanp | grep pid=PID, | awk '{print $1}' | sort | uniq -c",
    ],
    demo: ["descriptors"])
}
