/// Walks the descriptors of many processes, on several threads once that pays.
struct OwnerIndexWalk: Sendable {
  /// Descriptors seen before help is called, where a process itself counts as some: about 8 ms.
  /// With less to do, waiting for a helper on a busy host can cost more than it brings.
  private static let worthHelp = 2000
  private static let processEffort = 5

  let kernel: any Kernel
  let wanted: OwnerIndex.InodeSet?
  let processes: [Int32]

  /// What each thread found. A folder is never split, so no process is in two of them.
  func run() -> [OwnerIndexFinds] {
    let queue = WorkQueue(processes)
    let workers = Workers { gather(from: queue) {} }
    var effort = 0
    let own = gather(from: queue, perProcess: Self.processEffort) {
      effort += 1
      guard effort == Self.worthHelp else { return }
      queue.takeLargestFirst(descriptors)
      workers.summon()
    }
    return workers.finish() + [own]
  }

  private func gather(
    from queue: WorkQueue<Int32>, perProcess: Int = 0, _ step: () -> Void
  ) -> OwnerIndexFinds {
    var finds = OwnerIndexFinds()
    while let process = queue.take() {
      for _ in 0..<perProcess { step() }
      finds.add(process, through: kernel, wanted: wanted, step)
    }
    return finds
  }

  /// How many descriptors a process has; 0 before Linux 6.2, which leaves the order as it is.
  private func descriptors(of process: Int32) -> Int64 {
    do throws(KernelError) {
      return try kernel.identity(of: "/proc/\(process)/fd").size
    } catch {
      return 0
    }
  }
}
