import Glibc

/// What a full-screen program waits for: keys, signals, the next look.
struct TerminalEvents: ~Copyable {
  enum Event {
    case typed([UInt8])
    case signal(Int32)
    /// Nobody will type any more: the terminal has gone.
    case closed
  }

  private let keyboard: Int32
  private let signals = TerminalSignals()

  init(keyboard: Int32) { self.keyboard = keyboard }

  func stop() { signals.stop() }

  /// Sleeps until something happens, or so long; no events means that the time is over.
  func wait(milliseconds: UInt64) -> [Event] {
    var polled = [
      pollfd(fd: keyboard, events: Int16(POLLIN), revents: 0),
      pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    let count = unsafe poll(&polled, 2, Int32(clamping: milliseconds))
    // Interrupted by a signal: its byte is in the pipe.
    if count < 0 { return signals.take().map { .signal($0) } }
    var events: [Event] = []
    if polled[1].revents != 0 { events += signals.take().map { .signal($0) } }
    if polled[0].revents != 0 { events.append(typed()) }
    return events
  }

  private func typed() -> Event {
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = unsafe read(keyboard, &bytes, bytes.count)
    if count > 0 { return .typed(Array(bytes[..<count])) }
    return count < 0 && errno == EINTR ? .typed([]) : .closed
  }
}
