/// One thread accepts and queues connections; a fixed number of threads serve them.
///
/// Its queue is a second accept queue, which ss cannot see: a connection in it is established and
/// belongs to the process, and its bytes stay unread. When it is full, the accepting thread waits
/// as well, and the kernel's queue begins to fill.
struct ThreadPool: Model {
  let server: Server
  private static let usualWorkers = 4

  func run() throws(DemoError) -> Never {
    let queue = ConnectionQueue(limit: server.plan.queue)
    for number in 1...(server.plan.workers ?? Self.usualWorkers) {
      try start(number, queue)
    }
    server.announce()
    while true {
      queue.put(try server.accept())
    }
  }

  private func start(_ number: Int, _ queue: ConnectionQueue) throws(DemoError) {
    let server = server
    try ServerThread.start(named: ThreadName.numbered("demo-pool-w", number)) {
      while true { server.serve(queue.take()) }
    }
  }
}

extension ServerModel {
  public static let pool = ServerModel(
    "pool", meaning: "some threads that take connections from a queue", ThreadPool.self)
}
