import Glibc

/// One conversation: a line goes to the server, its answer comes back, the next line goes.
///
/// A close by the server ends it at once for a person at a terminal; for a pipe only when another
/// line was to be sent.
public final class ChatClient {
  public let address: SocketAddress
  private let input: ClientInput
  private let isInteractive: Bool
  private let signals: SignalDescriptor
  private let socket: Socket

  private var isConnected = false
  private var inputHasEnded = false
  private var hasPrompted = false
  private var end: ChatEnd?
  private var typed = MessageReader()
  private var answers = MessageReader(longestPart: 65536)
  private var outgoing: ArraySlice<UInt8> = []
  private var awaitsAnswer = false
  /// The server has gone: this is what there is to say about it.
  private var farewell: DemoError?
  private var news: [ChatEvent] = []

  private var since: UInt64
  private var nextNotice: UInt64
  /// A longer wait is reported.
  private static let firstNotice = 300 * Clock.millisecond
  private static let longestLine = 16 * 1024 * 1024

  /// Begins to connect. Takes SIGINT, SIGTERM and SIGHUP for the end from here on.
  public convenience init(to address: SocketAddress, isInteractive: Bool) throws(DemoError) {
    try self.init(to: address, isInteractive: isInteractive, input: .standard)
  }

  init(
    to address: SocketAddress, isInteractive: Bool, input: ClientInput
  ) throws(DemoError) {
    self.address = address
    self.input = input
    self.isInteractive = isInteractive
    signals = try SignalDescriptor()
    socket = try Socket(
      SOCK_STREAM, family: address.family, waits: false, "open a socket for \(address)")
    since = Clock.now
    nextNotice = since + Self.firstNotice
    switch socket.beginConnecting(to: address) {
    case .done: connected()
    case .underway: break
    case .failed(let number): throw cannotConnect(number)
    }
  }

  /// Goes on until there is something to show.
  public func next() throws(DemoError) -> ChatEvent {
    while true {
      if !news.isEmpty { return news.removeFirst() }
      if let end = try takeLine() { return .ended(end) }
      if !news.isEmpty { continue }
      if isIdle, !hasPrompted, isInteractive {
        hasPrompted = true
        return .prompt
      }
      if let notice = notice(Clock.now) { return notice }
      try waitAndServe()
    }
  }

  private var isIdle: Bool { isConnected && outgoing.isEmpty && !awaitsAnswer }

  /// Takes the next line if it is time for it; says why when there will be no more.
  private func takeLine() throws(DemoError) -> ChatEnd? {
    if let end { return end }
    if isIdle, let line = nextLine() {
      if Self.isQuit(line) { return .quit }
      if let farewell { throw farewell }
      begin(line)
    }
    if inputHasEnded, isIdle || isInteractive { return .input }
    if let farewell, isInteractive || !isIdle { throw farewell }
    return nil
  }

  private func nextLine() -> [UInt8]? {
    if let line = typed.next() { return line }
    return inputHasEnded ? typed.rest() : nil
  }

  private func begin(_ line: [UInt8]) {
    outgoing = line[...]
    if line.last != UInt8(ascii: "\n") { outgoing.append(UInt8(ascii: "\n")) }
    awaitsAnswer = true
    hasPrompted = false
    news.append(.sent)
    startWaiting()
  }

  private static func isQuit(_ line: [UInt8]) -> Bool {
    let q = UInt8(ascii: "q")
    return line == [q] || line == [q, 0x0A] || line == [q, 0x0D, 0x0A]
  }

  private func startWaiting() {
    since = Clock.now
    nextNotice = since + Self.firstNotice
  }

  private func notice(_ now: UInt64) -> ChatEvent? {
    guard isInteractive, !isIdle, now >= nextNotice else { return nil }
    let seconds = (now - since) / Clock.second
    nextNotice = since + (seconds + 1) * Clock.second
    return .waiting(for: wait, seconds: seconds)
  }

  private var wait: ChatWait {
    if !isConnected { return .connection }
    return answers.count > 0 ? .restOfAnswer(answers.count) : .answer
  }

  private func waitAndServe() throws(DemoError) {
    let noticeAt = isInteractive && !isIdle ? nextNotice : nil
    let pause = Clock.milliseconds(from: Clock.now, to: noticeAt)
    let ready = try Poll.wait(
      [
        .init(signals.descriptor, reads: true),
        .init(input.descriptor, reads: wantsInput),
        .init(
          socket.descriptor, reads: isConnected && farewell == nil,
          writes: farewell == nil && (!isConnected || !outgoing.isEmpty)),
      ], milliseconds: pause)
    if ready[0].reads { end = .signal }
    if ready[1].reads { try readInput() }
    if ready[2].writes, !isConnected { try finishConnect() }
    if ready[2].reads { receive() }
    if ready[2].writes, !outgoing.isEmpty { send() }
  }

  /// A person may always say q; a pipe is read only when its next line can be sent.
  private var wantsInput: Bool { !inputHasEnded && (isInteractive || isIdle) }

  private func readInput() throws(DemoError) {
    let piece = input.read()
    if piece.isEmpty { inputHasEnded = true }
    typed.append(piece[...])
    // `q` ends the wait for an answer, so it must not queue up behind it.
    if isInteractive, !isIdle, Self.isQuit(piece) { end = .quit }
    if typed.count > Self.longestLine {
      throw DemoError("the line is longer than \(Self.longestLine) bytes")
    }
  }

  private func connected() {
    isConnected = true
    news.append(.connected(from: socket.localAddress))
  }

  private func finishConnect() throws(DemoError) {
    let number = socket.error
    if number != 0 { throw cannotConnect(number) }
    connected()
  }

  private func cannotConnect(_ number: Int32) -> DemoError {
    DemoError(
      "cannot connect to \(address): \(ClientFailure.words(number))", number: number)
  }

  private func send() {
    switch socket.sendNow(outgoing) {
    case .moved(let count): outgoing = outgoing.dropFirst(count)
    case .mustWait: return
    case .failed(let number): serverHasGone(number)
    }
  }

  private func receive() {
    var buffer = [UInt8](repeating: 0, count: 65536)
    switch socket.receiveNow(into: &buffer) {
    case .moved(0): serverHasGone(nil)
    case .moved(let count):
      answers.append(buffer[..<count])
      while let text = answers.next() { take(text) }
    case .mustWait: return
    case .failed(let number): serverHasGone(number)
    }
  }

  private func take(_ text: [UInt8]) {
    news.append(.text(text))
    if text.last == UInt8(ascii: "\n") { awaitsAnswer = false }
    hasPrompted = false
    if awaitsAnswer { startWaiting() }
  }

  private func serverHasGone(_ number: Int32?) {
    if let rest = answers.rest() { news.append(.text(rest)) }
    let hurt = awaitsAnswer ? " before it had answered" : ""
    let deed =
      if let number {
        ClientFailure.isReset(number)
          ? "reset the connection\(hurt)" : "is lost: \(ClientFailure.words(number))"
      } else {
        "closed the connection\(hurt)"
      }
    farewell = DemoError("\(address) \(deed)", number: number)
  }
}

/// What happens in a conversation.
public enum ChatEvent: Sendable, Equatable {
  /// The handshake is over; our end's address, which finds the connection in `ss`. None for unix.
  case connected(from: SocketAddress?)
  /// It is the person's turn. Only for a person at a terminal.
  case prompt
  /// From the server: a line with its newline, or a part of one.
  case text([UInt8])
  /// Seconds in which nothing has come. Only for a person at a terminal.
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
  /// Bytes of the answer that have come without its newline.
  case restOfAnswer(Int)
}
