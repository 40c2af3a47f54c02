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
  var socket: Socket?
  var interest: Epoll.Interest = []
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

  /// `client 12, message 3 ....` and a newline, `size` bytes in all, at least 2.
  private static func text(client: Int, message: Int, size: Int) -> [UInt8] {
    var text = Array("client \(client), message \(message) ".utf8.prefix(max(size, 2) - 1))
    while text.count < size - 1 { text.append(UInt8(ascii: ".")) }
    text.append(UInt8(ascii: "\n"))
    return text
  }
}

/// Clients in the order in which it is their turn.
struct WorkQueue {
  private var clients: [LoadClient] = []
  private var first = 0

  var isEmpty: Bool { first == clients.count }
  var count: Int { clients.count - first }

  mutating func append(_ client: LoadClient) { clients.append(client) }

  mutating func next() -> LoadClient? {
    guard !isEmpty else { return nil }
    defer { forgetServed() }
    first += 1
    return clients[first - 1]
  }

  /// Drops those at the head whose turn is void.
  mutating func skip(while isVoid: (LoadClient) -> Bool) {
    while first < clients.count, isVoid(clients[first]) { first += 1 }
    forgetServed()
  }

  /// Cheap on average: only when half of the memory is of no more use.
  private mutating func forgetServed() {
    guard first > 1024, first * 2 > clients.count || isEmpty else { return }
    clients.removeFirst(first)
    first = 0
  }
}

/// Lets things begin at an even pace, up to a rate.
struct Pacer {
  /// Nanoseconds from one beginning to the next; nil lets everything begin at once.
  private let interval: UInt64?
  private var due: UInt64 = 0
  /// How much of the past may be made up for: waking up late should not lower the rate, and a
  /// long pause should not end in a burst.
  private static let memory = 20 * Clock.millisecond

  /// From 1 to 1,000,000,000 a second.
  init(perSecond rate: Int?) {
    interval = rate.map { Clock.second / UInt64(max(1, min($0, 1_000_000_000))) }
  }

  /// Whether one more may begin now; if so it counts.
  mutating func begin(_ now: UInt64) -> Bool {
    guard let interval else { return true }
    guard now >= due else { return false }
    let earliest = now > Self.memory ? now - Self.memory : 0
    due = max(due, earliest) + interval
    return true
  }

  /// When the next may begin.
  var next: UInt64 { due }
}
