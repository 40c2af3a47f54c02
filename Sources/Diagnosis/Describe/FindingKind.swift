/// What there is to say of a kind of finding, whoever it is about: the words that `diagnose`,
/// `explain` and sockinspect-findings(7) share.
///
/// Prose marks literal words with backquotes: `accept(2)`, `net.core.somaxconn`. In commands
/// PORT, PID, TID, FD, INODE, PATH and the like stand for those of the subject.
public struct FindingKind: Sendable {
  /// Stable; never changes its meaning.
  public let id: String
  /// What it can cause, and what can cause it.
  let rank: CauseRank
  /// Which it can have, the worst one first.
  public let severities: [Severity]
  /// A heading, without a full stop.
  public let title: String
  /// One sentence.
  public let means: String
  /// When it is reported, with the thresholds.
  public let condition: String
  /// What goes on in kernel and program, and why it matters.
  public let explanation: String
  /// What helps at once comes first: a finding may have more exact words for that.
  public let remedy: [String]
  /// What seems to help and does not.
  public let avoid: [String]
  /// Commands to see it by hand.
  public let check: [String]
  /// Situations that show it: `sockinspect demo NAME --hold`.
  public let demo: [String]
}

/// From what happens on its own to what is only seen of it: a finding of an earlier rank can cause
/// those of a later one.
enum CauseRank: Int, Sendable, Comparable {
  /// A process or the host as a whole cannot go on.
  case condition
  /// The other side of a connection does not do its part.
  case client
  /// Something that threads need is used up or held.
  case resource
  /// Threads wait for another server.
  case upstream
  /// Those who should serve do not.
  case server
  /// Requests wait inside a server.
  case unanswered
  /// Requests are dropped before they reach an accept queue.
  case requests
  case queue
  case queueEffect
  /// What single connections show.
  case connection
  /// Stands alone: neither cause nor effect.
  case aside

  static func < (left: CauseRank, right: CauseRank) -> Bool { left.rawValue < right.rawValue }

  /// Whether a finding of this rank can be the cause of one of another.
  func canCause(_ effect: CauseRank) -> Bool {
    // A server that is stuck makes the one before it wait.
    if self == .server, effect == .server || effect == .upstream { return true }
    return self < effect && effect != .aside
  }
}
