import ProcNet

/// What the threads of a listener's owners are doing at one moment.
struct ThreadList {
  /// One thread; what may not be looked at is nil.
  struct Thread: Hashable {
    let process: Int32
    let number: Int32
    let command: [UInt8]
    let state: UInt8
    var call: ProcSyscall?
    /// What the call's descriptor is, `socket:[7]`; nil when it has none.
    var file: [UInt8]?
    /// Where in the kernel it sleeps: a hint, the names change.
    var place: [UInt8]?
  }

  private(set) var threads: [Thread] = []
  /// Threads that were left out, since there are so many.
  private(set) var others = 0
  /// Threads whose system call is not for us to see.
  private(set) var denied = 0
  /// The listener's own inode, to be told from other sockets.
  let listener: UInt32

  /// More is no list to read.
  private static let most = 200

  static func look(_ owners: [Owner], _ listener: UInt32, through kernel: any Kernel) -> ThreadList
  {
    var list = ThreadList(listener: listener)
    for process in Set(owners.map(\.process)).sorted() { list.take(process, kernel) }
    return list
  }

  private init(listener: UInt32) { self.listener = listener }

  private mutating func take(_ process: Int32, _ kernel: any Kernel) {
    let folder = "/proc/\(process)/task"
    guard let entries = try? kernel.entries(of: folder) else { return }
    for entry in entries {
      guard threads.count < Self.most else {
        others += 1
        continue
      }
      guard let text = try? kernel.contents(of: "\(folder)/\(entry.name)/stat"),
        let stat = ProcStat(text)
      else { continue }
      var thread = Thread(
        process: process, number: stat.process, command: stat.command, state: stat.state)
      takeCall(&thread, "\(folder)/\(entry.name)", kernel)
      threads.append(thread)
    }
  }

  private mutating func takeCall(
    _ thread: inout Thread, _ folder: String, _ kernel: any Kernel
  ) {
    do throws(KernelError) {
      let text = try kernel.contents(of: "\(folder)/syscall")
      thread.call = ProcSyscall.decode(text.span)
    } catch {
      if error.isDenied { denied += 1 }
    }
    if let descriptor = SystemCallName.descriptor(of: thread.call) {
      thread.file = try? kernel.link(at: "/proc/\(thread.process)/fd/\(descriptor)")
    }
    guard let place = try? kernel.contents(of: "\(folder)/wchan"), place != [0x30] else { return }
    thread.place = place
  }
}
