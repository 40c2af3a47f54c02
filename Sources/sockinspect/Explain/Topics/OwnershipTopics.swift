import ProcNet

extension Topic {
  /// Why a row has owners, or why it has none.
  static var ownerships: [Topic] {
    Ownership.allCases.map { ownership in
      let explained = explanation(of: ownership)
      return Topic(
        group: .ownership,
        names: [ownership.rawValue, "(\(ownership.rawValue))"] + spellings(of: ownership),
        means: Prose.sentence(ownership.meaning), text: [explained.text],
        look: ["sockinspect -ta --columns +standing"] + explained.look)
    }
  }

  /// What people call it who do not use the word of the column.
  private static func spellings(of ownership: Ownership) -> [String] {
    switch ownership {
    case .queued: ["unaccepted"]
    case .orphan: ["orphaned"]
    default: []
    }
  }

  private static func explanation(
    of ownership: Ownership
  ) -> (text: String, look: [String]) {
    switch ownership {
    case .held:
      (
        "Which one is in the column process, if it may be looked at; for all of them that is root.",
        ["sudo sockinspect -tanp"]
      )
    case .queued:
      (
        """
        The client is connected and may have sent its request. Its age is the time since the \
        handshake ended. If it grows, look at what the program that should accept does instead.
        """, ["sockinspect listen --waiting", "sockinspect explain accept-queue-full"]
      )
    case .handshake:
      (
        "The state is SYN-RECV, and there is no socket yet that a process could own.",
        ["sockinspect explain SYN-RECV"]
      )
    case .timeWait:
      (
        "No process is to blame for it, and none can end it sooner.",
        ["sockinspect explain TIME-WAIT"]
      )
    case .orphan:
      (
        """
        Data, a FIN or its acknowledgement are on their way, in FIN-WAIT-1, FIN-WAIT-2, LAST-ACK \
        or CLOSING. Orphans with full buffers and silent peers cost memory for minutes.
        """, ["sockinspect counters orphan", "sockinspect explain orphan-pressure"]
      )
    case .unknown:
      (
        """
        Its listener may be gone, it may have been accepted between two samples, or it belongs to \
        the kernel.
        """, []
      )
    }
  }
}
