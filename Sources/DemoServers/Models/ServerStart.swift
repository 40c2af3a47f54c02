import Glibc

/// Starts what a plan asks for, in this process.
public enum ServerStart {
  /// Serves until a signal or the time of `--for` ends the process. What it throws says why it
  /// could not begin or go on; nothing is left running then.
  public static func run(_ plan: ServePlan) throws(DemoError) -> Never {
    try plan.check()
    if plan.diesWithParent { ParentDeath.endsUs() }
    if let files = plan.maxFiles { try FileLimit.set(files) } else { FileLimit.raise() }
    ThreadName.set(plan.processName)
    Shutdown.prepare(after: plan.duration)
    let journal = ServerLog(isQuiet: plan.isQuiet, server: getpid())
    do {
      if plan.hasShards { try serveInShards(plan, journal) }
      try serve(plan, journal)
    } catch {
      Shutdown.cleanUp()
      throw error
    }
  }

  private static func serve(_ plan: ServePlan, _ journal: ServerLog) throws(DemoError) -> Never {
    let listener = try listen(plan)
    let address = listener.address
    ListenNotes.show(plan.listen, address, journal)
    let lock =
      plan.hasChildren ? SharedLock.file(try FileLock()) : SharedLock.mutex(ThreadLock())
    if plan.model == .prefork {
      try Supervisor(plan, address, lock, journal, shared: listener).run()
    }
    let server = try Server(plan, listener, lock, journal) { journal.ready(address) }
    try plan.model.run(server)
  }

  /// The first shard finds the port of the others.
  private static func serveInShards(
    _ plan: ServePlan, _ journal: ServerLog
  ) throws(DemoError) -> Never {
    let lock = SharedLock.file(try FileLock())
    let supervisor = Supervisor(plan, plan.listen.address, lock, journal, shared: nil)
    try supervisor.run()
  }

  /// No signal comes between a socket's file and our knowing that we have made it.
  private static func listen(_ plan: ServePlan) throws(DemoError) -> ListeningSocket {
    try Signals.heldBack { () throws(DemoError) in
      let listener = try ListeningSocket(plan.listen)
      if case .path(let file) = plan.listen.address { RemovedFile.set(file) }
      return listener
    }
  }
}
