/// The texts of a kind of finding that hold for all of its findings; `diagnose`, `explain` and
/// sockinspect-findings(7) share them.
///
/// Prose marks literal words with backquotes: `accept(2)`, `net.core.somaxconn`. In commands
/// PORT, PID, TID, FD, INODE, PATH and the like stand for those of the subject.
public struct FindingKind: Sendable {
  /// Stable; never changes its meaning.
  public let id: String
  /// What it can cause, and what can cause it.
  let rank: CauseRank
  /// The severities that it can have, the worst one first.
  public let severities: [Severity]
  /// A heading, without a full stop.
  public let title: String
  /// One sentence.
  public let means: String
  /// The condition under which it is reported, with the thresholds.
  public let condition: String
  /// What happens in kernel and program, and why it matters.
  public let explanation: String
  /// What helps at once comes first; a finding may replace it by something more exact.
  public let remedy: [String]
  /// What seems to help and does not.
  public let avoid: [String]
  /// Commands to see it by hand.
  public let check: [String]
  /// Scenarios that show it: `sockinspect demo NAME --hold`.
  public let demo: [String]
}

/// From root causes to mere symptoms: a finding of an earlier rank can cause those of a later one.
enum CauseRank: Int, Sendable, Comparable {
  /// A process or the host as a whole cannot go on.
  case condition
  /// The other side of a connection does not send, read or acknowledge.
  case client
  /// Something that threads need is used up or locked.
  case resource
  /// Threads wait for another server.
  case upstream
  /// The threads that should serve do not.
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
    // A server that is stuck makes the one in front of it wait.
    if self == .server, effect == .server || effect == .upstream { return true }
    return self < effect && effect != .aside
  }
}
