/// How the clients of a load behave.
public enum LoadKind: String, Sendable, CaseIterable {
  case talk
  case silent
  case half
  case hangUp = "hang-up"
  case neverRead = "never-read"

  /// One line for the help.
  public var meaning: String {
    switch self {
    case .talk: "send a message, wait for its echo, send the next (the default)"
    case .silent: "connect and send nothing"
    case .half: "send a message that lacks its end, and no more"
    case .hangUp: "connect, send a message, close at once without reading; again and again"
    case .neverRead: "send messages as fast as they are taken, never read an answer"
    }
  }

  /// Sends whole messages, so that a number of them can be asked for.
  public var sendsMessages: Bool { self == .talk || self == .hangUp || self == .neverRead }
}
