/// One client of a load: the place of a connection, which may be followed by another.
final class LoadClient {
  enum State {
    /// It has no connection and is to get one.
    case apart
    /// `connect` failed for a reason that passes; it is tried again.
    case barred
    case connecting
    /// It will send when it is its turn.
    case queued
    case sending
    /// All is sent, the answer is not complete.
    case awaiting
    /// It keeps its connection and does nothing.
    case holding
    case finished
  }

  let number: Int
  var state = State.apart
  var socket: ClientSocket?
  var interest: ClientEvents.Interest = []
  /// Has ever been connected.
  var hasConnected = false
  /// Has tried to connect, whatever came of it.
  var hasTried = false
  /// Messages that are still to be begun; nil for no end.
  var remaining: Int?
  /// Answers on the present connection.
  var answersHere = 0
  /// When the present connect or message began.
  var since: UInt64 = 0

  /// Messages begun, over all connections.
  private(set) var begun = 0
  private(set) var message: [UInt8] = []
  var sentBytes = 0
  private(set) var answerBytes = 0
  private(set) var isWrong = false
  private(set) var isAnswered = false

  init(number: Int, remaining: Int?) {
    self.number = number
    self.remaining = remaining
  }

  var isWaiting: Bool {
    state == .connecting || state == .barred || state == .sending || state == .awaiting
  }

  var rest: ArraySlice<UInt8> { message[sentBytes...] }

  /// Prepares the next message; without its end when it is to be half a message.
  func begin(size: Int, isWhole: Bool, at now: UInt64) {
    remaining = remaining.map { max(0, $0 - 1) }
    begun += 1
    message = Self.text(client: number, message: begun, size: size)
    if !isWhole { message.removeLast((message.count + 1) / 2) }
    (sentBytes, answerBytes, isWrong, isAnswered) = (0, 0, false, false)
    since = now
    state = .sending
  }

  /// The message that has just begun is to be sent again.
  func takeBack() {
    remaining = remaining.map { $0 + 1 }
    begun -= 1
  }

  /// Compares one byte of an answer; true when it was the last.
  func takeAnswer(_ byte: UInt8) -> Bool {
    guard state == .sending || state == .awaiting, !isAnswered else { return false }
    if answerBytes >= message.count || message[answerBytes] != byte { isWrong = true }
    answerBytes += 1
    isAnswered = byte == UInt8(ascii: "\n")
    return isAnswered
  }

  /// `client 12, message 3 ....` and a newline: so many bytes, at least 2.
  private static func text(client: Int, message: Int, size: Int) -> [UInt8] {
    var text = Array("client \(client), message \(message) ".utf8.prefix(max(size, 2) - 1))
    while text.count < size - 1 { text.append(UInt8(ascii: ".")) }
    text.append(UInt8(ascii: "\n"))
    return text
  }
}
