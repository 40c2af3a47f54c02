/// What one thread found in the processes that it walked.
struct OwnerIndexFinds: Sendable {
  /// A socket that a process holds; whose it is say the `processes` around it.
  struct Held: Sendable {
    var inode: UInt32
    var descriptor: Int32
  }

  /// One process that holds sockets, and where they are in `held`.
  struct Process: Sendable {
    var process: Int32
    var command: [UInt8]
    var held: Range<Int>
  }

  private(set) var held: [Held] = []
  private(set) var processes: [Process] = []
  /// Processes whose descriptors are not for us to see, and the first other failure.
  private(set) var denied = 0
  private(set) var failed = 0
  private(set) var failure: KernelError?

  /// Adds the sockets of a process, only those that are wanted; `step` is called per descriptor.
  ///
  /// - Parameter thread: Whose table of descriptors; nil for the main thread's.
  mutating func add(
    _ process: Int32, thread: Int32? = nil, through kernel: any Kernel,
    wanted: OwnerIndex.InodeSet?, _ step: () -> Void
  ) {
    let start = held.count
    do throws(KernelError) {
      try kernel.walkDescriptors(ofProcess: thread ?? process) { descriptor, link in
        step()
        guard let inode = OwnerIndexLink.socketInode(link), wanted?.contains(inode) != false
        else { return }
        held.append(Held(inode: inode, descriptor: descriptor))
      }
    } catch {
      note(error, of: process, through: kernel)
    }
    guard held.count > start else { return }
    processes.append(
      Process(
        process: process, command: Self.command(of: process, through: kernel),
        held: start..<held.count))
  }

  /// A process that ended meanwhile is no failure.
  private mutating func note(_ error: KernelError, of process: Int32, through kernel: any Kernel) {
    if error.isGone { return }
    guard error.isDenied else {
      failed += 1
      failure = failure ?? error
      return
    }
    if Self.mayHoldSockets(process, through: kernel) { denied += 1 }
  }

  /// Threads of the kernel and ended processes hold nothing, but deny their folder all the same.
  private static func mayHoldSockets(_ process: Int32, through kernel: any Kernel) -> Bool {
    do throws(KernelError) {
      let stat = ProcStat(try kernel.contents(of: "/proc/\(process)/stat"))
      return stat.map { !$0.isKernelThread && !$0.isZombie } ?? true
    } catch {
      return !error.isGone
    }
  }

  /// Empty when the process ended meanwhile: it still held its sockets when we looked.
  private static func command(of process: Int32, through kernel: any Kernel) -> [UInt8] {
    do throws(KernelError) {
      let line = try kernel.contents(of: "/proc/\(process)/comm")
      return Array((line.last == 10 ? line.dropLast() : line[...]).prefix(ProcStat.longestCommand))
    } catch {
      return []
    }
  }
}
