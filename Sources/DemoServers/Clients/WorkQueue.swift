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
