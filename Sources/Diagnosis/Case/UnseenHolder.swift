import ProcNet

/// Who may hold a listener whose holder is not for us to see: what everybody may read points to a
/// user and a control group, and to the processes there.
public struct UnseenHolder: Sendable {
  public var uid: UInt32?
  public var user: [UInt8]?
  /// Below the mount; nil for the root and for groups out of view.
  public var group: [UInt8]?
  public var candidates: [Candidate]

  public struct Candidate: Sendable {
    public var process: ProcessName
    public var state: UInt8
    public var isFrozen: Bool

    /// Stopped, traced or frozen: it serves nobody, whatever it holds.
    public var isHalted: Bool {
      isFrozen || state == UInt8(ascii: "T") || state == UInt8(ascii: "t")
    }
  }

  public var halted: [Candidate] { candidates.filter(\.isHalted) }

  /// It is one of these for certain enough to be told as the cause: a service's own group, of which
  /// no process could run.
  public var isHaltedAsAWhole: Bool {
    group != nil && !candidates.isEmpty && candidates.allSatisfy(\.isHalted)
  }

  /// More candidates than these narrow nothing down.
  static let mostNamed = 8

  /// `It belongs to user root and to the control group /system.slice/x.service; there: …`.
  var sentence: String {
    let names = candidates.prefix(Self.mostNamed + 1).map(\.process.text)
    var text = "Its holder may not be seen"
    let belongings = [
      user.map { "user \(String(decoding: $0, as: UTF8.self))" } ?? uid.map { "user \($0)" },
      group.map { "the control group \(String(decoding: $0, as: UTF8.self))" },
    ].compactMap { $0 }
    if !belongings.isEmpty { text += "; it was made by \(belongings.joined(separator: " in "))" }
    if (1...Self.mostNamed).contains(names.count) {
      text += ", where there \(names.count == 1 ? "is" : "are") \(Words.list(names, most: 8))"
    }
    return text + ". Only root sees which process that is, and what its threads wait for."
  }
}
