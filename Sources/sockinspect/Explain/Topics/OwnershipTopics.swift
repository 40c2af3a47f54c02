import ProcNet

extension Topic {
  /// Why a row has holders, or why it has none.
  static var ownerships: [Topic] {
    Ownership.allCases.map { ownership in
      let explained = explanation(of: ownership)
      return Topic(
        group: .ownership, names: [ownership.rawValue, "(\(ownership.rawValue))"],
        means: explained.means, text: [explained.text],
        look: ["sockinspect -ta --columns +standing"] + explained.look)
    }
  }

  private static func explanation(
    of ownership: Ownership
  ) -> (means: String, text: String, look: [String]) {
    switch ownership {
    case .held:
      (
        "A process, or the kernel itself, holds the socket.",
        "Which one is in the column process, if it may be looked at; for all of them that is root.",
        ["sudo sockinspect -tanp"]
      )
    case .queued:
      (
        "The connection is complete and waits in an accept queue: no process serves it yet.",
        """
        The client is connected and may have sent its request. Its age is the time since the \
        handshake ended. If it grows, look at what the program that should accept does instead.
        """, ["sockinspect listen --waiting", "sockinspect explain accept-queue-full"]
      )
    case .handshake:
      (
        "The handshake is under way at a listener: the row is one of its SYN queue.",
        "The state is SYN-RECV, and there is no socket yet that a process could hold.",
        ["sockinspect explain SYN-RECV"]
      )
    case .timeWait:
      (
        "The connection is over and has no socket any more, only an entry for a minute.",
        "No process is to blame for it, and none can end it sooner.",
        ["sockinspect explain TIME-WAIT"]
      )
    case .orphan:
      (
        "The program has closed the connection; the kernel still brings it to an end.",
        """
        Data, a FIN or its acknowledgement are on their way, in FIN-WAIT-1, FIN-WAIT-2, LAST-ACK \
        or CLOSING. Orphans with full buffers and silent peers cost memory for minutes.
        """, ["sockinspect counters orphan", "sockinspect explain orphan-pressure"]
      )
    case .unknown:
      (
        "No process holds the socket, and neither its state nor a listener tells why.",
        """
        Its listener may be gone, it may have been accepted between two samples, or it belongs to \
        the kernel.
        """, []
      )
    }
  }
}
