/// What there is to say of a kind of finding, whoever it is about: the words that `diagnose`,
/// `explain` and sockinspect-findings(7) share.
///
/// Prose marks literal words with backquotes: `accept(2)`, `net.core.somaxconn`. In commands
/// PORT, PID, TID, FD, INODE, PATH and the like stand for those of the subject.
public struct FindingDescription: Sendable {
  /// Stable; never changes its meaning.
  public let id: String
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
