import ProcNet

extension Topic {
  /// The timer as a whole, and each of its kinds.
  static var timers: [Topic] {
    [
      Topic(
        group: .timer, names: ["timer", "timer:(…)"],
        means: "The timer that runs: its kind, the time left, and retransmissions so far.",
        text: [
          """
          In `timer:(on,520ms,2)` the kernel will send the same data again in 520 ms, and has done \
          so twice. Times are written as ss does: `9.820ms` is 9.82 s.
          """
        ], look: ["sockinspect -tano"])
    ] + kinds
  }

  private static let kinds = [
    timer(
      "on", "Data, a SYN or a FIN is not acknowledged yet and will be sent again.",
      """
      Normal for some hundred milliseconds. The last number says how often that has happened in a \
      row; from 2 on the peer, or the way to it, is in trouble.
      """, "sockinspect explain retransmitting"),
    timer(
      "keepalive", "The connection is idle; the timer asks the peer whether it is still there.",
      """
      By default after two hours, if the program asked for SO_KEEPALIVE. In SYN-RECV and for \
      orphans in FIN-WAIT-2 the kernel uses this timer too: for its SYN/ACK, and for giving up.
      """, "sysctl net.ipv4.tcp_keepalive_time"),
    timer(
      "timewait", "The end of TIME-WAIT, or of FIN-WAIT-2 without a process.",
      "It runs for a minute; nothing needs to be done.", "sockinspect explain TIME-WAIT"),
    timer(
      "persist", "The peer has announced a window of 0; the timer probes whether it has opened.",
      """
      The peer's program does not read. As long as its kernel answers the probes, this end waits \
      without limit.
      """, "sockinspect explain peer-not-reading"),
    timer(
      "delack", "An acknowledgement is held back for a moment, so that data can go with it.",
      "At most some 200 ms; the kernel tells of it only where nothing else runs.",
      "sockinspect explain ato"),
    timer(
      "off", "No timer runs: nothing is outstanding, and keep-alive is not asked for.",
      "A peer that vanishes silently is then never noticed, until something is sent.",
      "sockinspect -tano"),
    timer(
      "unknown", "A kind of timer that this version does not know.",
      "Newer kernels may have more of them.", "sockinspect --json -ta"),
  ]

  private static func timer(
    _ name: String, _ means: String, _ text: String, _ look: String
  ) -> Topic {
    Topic(
      group: .timer, names: [name, "timer:(\(name),…)"], means: means, text: [text], look: [look])
  }
}
