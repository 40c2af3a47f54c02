/// What a conversation has to tell or to show.
public enum ChatEvent: Sendable, Equatable {
  /// The handshake is over; our end's address, which finds the connection in `ss`. None for unix.
  case connected(from: SocketAddress?)
  /// It is the person's turn. Only for a person at a terminal.
  case prompt
  /// From the server: a line with its newline, or a part of one.
  case text([UInt8])
  /// Nothing has come for so many seconds. Only for a person at a terminal.
  case waiting(for: ChatWait, seconds: UInt64)
  /// A line is on its way to the server.
  case sent
  case ended(ChatEnd)
}

/// Why a conversation ended well.
public enum ChatEnd: Sendable, Equatable {
  /// The line `q`.
  case quit
  case input
  /// SIGINT (Ctrl-C), SIGTERM or SIGHUP.
  case signal
}

/// What a conversation waits for.
public enum ChatWait: Sendable, Equatable {
  case connection
  case answer
  /// So many bytes of the answer are there, its newline is not.
  case restOfAnswer(Int)
}
