/// Walks the descriptors of many processes, on several threads once that pays.
struct OwnerIndexWalk: Sendable {
  /// Worth of 2 ms, beside which starting threads costs nothing: descriptors seen, where a
  /// process itself counts as some.
  private static let worthHelp = 500
  private static let processEffort = 5

  let kernel: any Kernel
  let wanted: OwnerIndex.InodeSet?
  let processes: [Int32]

  /// What each thread found. A folder is never split, so no process is in two of them.
  func run() -> [OwnerIndexFinds] {
    let queue = WorkQueue(count: processes.count)
    let workers = Workers { gather(from: queue) {} }
    var effort = 0
    let own = gather(from: queue, perProcess: Self.processEffort) {
      effort += 1
      if effort == Self.worthHelp { workers.summon() }
    }
    return workers.finish() + [own]
  }

  private func gather(
    from queue: WorkQueue, perProcess: Int = 0, _ step: () -> Void
  ) -> OwnerIndexFinds {
    var finds = OwnerIndexFinds()
    while let number = queue.take() {
      for _ in 0..<perProcess { step() }
      finds.add(processes[number], through: kernel, wanted: wanted, step)
    }
    return finds
  }
}
