/// Whom a socket belongs to at the moment: why a row has owners, or why it has none.
public enum Ownership: String, Sendable, Hashable, CaseIterable {
  /// A socket file exists, so some process (or the kernel) holds it.
  case held
  /// TCP: the handshake is done and the connection waits in an accept queue.
  case queued
  /// TCP: the handshake is under way at a listener (the SYN queue).
  case handshake = "syn-recv"
  /// TCP: all is over; the kernel keeps the pair of ports for a minute.
  case timeWait = "time-wait"
  /// TCP: the program has closed it, the kernel still finishes the connection.
  case orphan
  /// No socket file, and neither state nor listener tells why.
  case unknown
}
