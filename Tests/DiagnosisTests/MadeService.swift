@testable import ProcNet

@testable import Diagnosis

/// A front server that has read requests and asked an upstream for them, made by hand.
///
/// front (pid 10) listens at 127.0.0.1:9000, inode 100; request n is its connection 100 + n, at
/// descriptor 10 + n, of a client that pid 50 holds. Its call n to 127.0.0.1:5432 is connection
/// 200 + n at descriptor 30 + n, the upstream's end of which is 300 + n at descriptor 10 + n of
/// upstream (pid 30), whose listener has inode 199.
struct MadeService {
  var made = MadeObservation()
  /// Milliseconds since each request came.
  let requests: [UInt64]
  let calls: Int

  /// - Parameters:
  ///   - requests: Milliseconds since each came that is not answered, the client's turn where 0.
  ///   - calls: How many of them were passed on, 100 ms after they came.
  ///   - left: How many of the clients, from the first on, have hung up.
  init(requests: [UInt64], calls: Int = 0, left: Int = 0) {
    (self.requests, self.calls) = (requests, calls)
    made.listener(.tcp([0, 0, 0], limit: 128))
    if calls > 0 { made.listener(.tcp([0, 0, 0], limit: 128, inode: 199, port: 5432)) }
    for (number, since) in requests.enumerated() {
      let (inode, port) = (100 + UInt32(number + 1), 50_000 + UInt16(number + 1))
      let hasLeft = number < left
      made.file.table.insert(
        .tcp(
          hasLeft ? .closeWait : .established, 9000, port, inode: inode, received: hasLeft ? 1 : 0))
      made.file.table.insert(
        .tcp(hasLeft ? .finWait2 : .established, port, 9000, inode: inode + 1000))
      made.measured(
        inode, sent: since == 0 ? 3000 : since + 700, received: since == 0 ? 3500 : since)
    }
    made.hold(requests.indices.map { UInt32($0) + 1101 }, by: 50, "curl")
    for number in 0..<calls {
      made.pair(
        300 + UInt32(number + 1), 200 + UInt32(number + 1), port: 41_001 + UInt16(number), to: 5432)
      ask(number + 1, since: requests[number] - min(100, requests[number]))
    }
  }

  /// Call `number` was made so many milliseconds ago, and has been answered since or not.
  mutating func ask(_ number: Int, since: UInt64, answered: Bool = false) {
    let (call, request) = (200 + UInt32(number), 300 + UInt32(number))
    let other = answered ? since - 50 : since + 700
    made.measured(call, sent: since, received: other)
    made.measured(request, sent: other, received: since)
  }

  /// The front server with these threads; an event loop watches its listener and clients in
  /// epoll 9, beside the calls.
  mutating func front(
    _ threads: [ThreadSnapshot], isLoop: Bool = false, _ files: [Int32: DescriptorTarget] = [:]
  ) {
    var open = files
    open[3] = .socket(100)
    for number in requests.indices { open[Int32(number) + 11] = .socket(UInt32(number) + 101) }
    for number in 0..<calls { open[Int32(number) + 31] = .socket(UInt32(number) + 201) }
    made.take(
      process(10, "front", open, threads, watching: isLoop ? open.keys.sorted() : []))
  }

  /// The front server as an event loop at rest.
  mutating func restingFront() { front([.asleep(10, .epoll(9), since: 100)], isLoop: true) }

  mutating func upstream(_ threads: [ThreadSnapshot], isLoop: Bool = false) {
    var open: [Int32: DescriptorTarget] = [3: .socket(199)]
    for number in 0..<calls { open[Int32(number) + 11] = .socket(UInt32(number) + 301) }
    made.take(
      process(30, "upstream", open, threads, watching: isLoop ? open.keys.sorted() : []))
  }

  private func process(
    _ process: Int32, _ command: String, _ open: [Int32: DescriptorTarget],
    _ threads: [ThreadSnapshot], watching: [Int32]
  ) -> MadeProcess {
    var made = MadeProcess(process, command, open, threads)
    let lines = watching.compactMap { descriptor -> String? in
      guard case .socket(let inode)? = open[descriptor] else { return nil }
      return "tfd: \(watched(descriptor, inode))\n"
    }
    if !lines.isEmpty {
      made.now.watchLists[9] = ProcFdinfo.decode(Array(lines.joined().utf8).span).watched
      made.now.descriptors?[9] = .eventPoll
      (made.before.watchLists, made.before.descriptors) = (
        made.now.watchLists, made.now.descriptors
      )
    }
    return made
  }

  /// What stalls, with everything in place.
  func stalls() -> [Stall] { read().file.stalls }

  /// Servers are judged where their listener needs it.
  func read() -> MadeObservation {
    var read = made
    read.readServers()
    read.file.servers.removeAll { !$0.listener.needsExplaining }
    return read
  }

  func findings(_ rule: some Rule) -> [Finding] { rule.findings(in: read().file) }

  /// All that is found, causes linked and the worst first.
  func all() -> [Finding] { RuleEngine(read().file).findings }

  /// The ids of what nothing else that was found causes.
  func roots() -> [String] { all().filter(\.isCause).map(\.id) }
}
