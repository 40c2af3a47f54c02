import Glibc

/// Some processes that each serve one client after the other; what is done in each of them.
struct Prefork: Model {
  let server: Server

  func run() throws(DemoError) -> Never { try Serial(server: server).run() }
}

extension ServerModel {
  public static let prefork = ServerModel(
    "prefork", meaning: "some processes, each from accept to close", children: .acceptors,
    Prefork.self)
}

/// The parent of processes that accept: prefork, and any model with a listener for each process.
/// It starts them, waits for the end of one, and starts another in its place.
final class Supervisor {
  private static let usualWorkers = 3

  private let plan: ServePlan
  private let lock: SharedLock
  private let journal: ServerLog
  /// The one listener of all; nil when each child gets one that no other process has open.
  private let shared: ListeningSocket?
  /// A port of 0 becomes a real one with the first listener.
  private var address: SocketAddress
  /// The number of each child.
  private var numbers: [pid_t: Int] = [:]

  init(
    _ plan: ServePlan, _ address: SocketAddress, _ lock: SharedLock, _ journal: ServerLog,
    shared: ListeningSocket?
  ) {
    self.plan = plan
    self.address = address
    self.lock = lock
    self.journal = journal
    self.shared = shared
  }

  func run() throws(DemoError) -> Never {
    try startAll()
    journal.ready(address)
    while true {
      guard let child = Shutdown.reap(waiting: true) else {
        throw SystemCall.failure("wait for a child", errno)
      }
      guard let number = numbers.removeValue(forKey: child) else { continue }
      // A child that cannot live must not keep us busy.
      Clock.sleep(0.1)
      try start(number)
    }
  }

  /// Returns when all of them accept.
  private func startAll() throws(DemoError) {
    let count = plan.workers ?? Self.usualWorkers
    var gate = try ReadyGate()
    for number in 1...count { try start(number, gate.entrance) }
    if shared == nil { ListenNotes.show(plan.listen, address, journal) }
    try gate.wait(for: count)
  }

  private func start(_ number: Int, _ ready: Int32 = -1) throws(DemoError) {
    let listener: ListeningSocket
    if let shared { listener = shared } else { listener = try ownListener() }
    address = listener.address
    var arguments = ChildArguments(plan, socket: listener.descriptor, lock: lock, number: number)
    arguments.ready = ready
    numbers[try arguments.start()] = number
  }

  private func ownListener() throws(DemoError) -> ListeningSocket {
    var options = plan.listen
    options.address = address
    return try ListeningSocket(options)
  }
}
