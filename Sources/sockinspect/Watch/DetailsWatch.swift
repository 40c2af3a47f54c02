import ProcNet

/// One listener in detail: who waits, and what the threads do that ought to serve them.
struct ListenerDetails {
  let row: ListenRow
  let threads: ThreadList
  let gaps: [Gap]
  /// Milliseconds of the steady clock.
  let moment: UInt64

  /// Inodes of the clients' sockets on this host.
  var clients: [UInt32] { row.listener.waiting.compactMap(\.clientInode) }
}

/// Samples one listener in detail again and again, at a bounded cost: it may have very many
/// connections.
struct DetailsWatch {
  private var pace = AdaptiveInterval()
  private(set) var latest: ListenerDetails?

  mutating func forget() {
    pace.forget()
    latest = nil
  }

  /// Samples if it is time. The rates of drops are those of the list.
  mutating func sample(
    at row: ListenRow, _ scope: WatchScope, at moment: UInt64
  ) throws(KernelError) {
    if latest?.row.listener.key != row.listener.key { forget() }
    guard pace.isDue(at: moment) else { return }
    let start = CurrentProcess.processorTime
    var gaps: [Gap] = []
    let key = row.listener.key
    let found = try ListenerSurvey.survey(scope.survey, listsWaiting: true, gaps: &gaps) {
      ListenerKey($0) == key
    }
    guard let listener = found.first else { return forget() }
    let threads = ThreadList(
      of: scope.facts.owners(of: listener.socket), listener.socket.inode, through: scope.kernel)
    latest = ListenerDetails(
      row: ListenRow(listener: listener, rate: row.rate), threads: threads, gaps: gaps,
      moment: moment)
    pace.sampled(at: moment, cost: CurrentProcess.processorTime - start)
  }
}

/// What the threads of a listener's owners are doing at one moment.
struct ThreadList {
  /// One thread; what may not be read is nil.
  struct Thread: Hashable {
    let process: Int32
    let number: Int32
    let command: [UInt8]
    let state: UInt8
    var call: ProcSyscall?
    /// What the call's descriptor is, `socket:[7]`; nil when it has none.
    var file: [UInt8]?
    /// Where in the kernel it sleeps: a hint, the names change.
    var wchan: [UInt8]?

    /// Its system call: `recvfrom`, or `call 999`; nil outside of one.
    var callName: String? {
      guard case .call(let number, _)? = call else { return nil }
      return Self.name(of: number)?.rawValue ?? "call \(number)"
    }

    /// The descriptor that the call is about; nil when it is about none, or about several.
    var descriptor: Int32? {
      guard case .call(let number, let arguments)? = call, let name = Self.name(of: number),
        Self.hasDescriptor(name), let first = arguments.first
      else { return nil }
      // The registers hold 64 bits, of which the call looks at 32.
      return Int32(truncatingIfNeeded: first)
    }

    private static func name(of number: Int32) -> CallName? {
      Architecture.ours.flatMap { CallTable.name(of: number, on: $0) }
    }

    /// Its first argument is one.
    private static func hasDescriptor(_ name: CallName) -> Bool {
      switch name.kind {
      case .receive, .send, .accept, .connect: true
      case .wait: name.isEventPoll || name == .ioUringEnter
      case .lock: name == .flock || name == .fcntl
      case .file: name == .fsync || name == .fdatasync
      case .child, .sleep, .other: false
      }
    }
  }

  private(set) var threads: [Thread] = []
  /// Threads that were left out, since there are too many.
  private(set) var others = 0
  /// Threads whose system call is not for us to see.
  private(set) var denied = 0
  /// The listener's own inode, as opposed to other sockets.
  let listener: UInt32

  /// More is no list to read.
  private static let most = 200

  init(of owners: [Owner], _ listener: UInt32, through kernel: any Kernel) {
    self.listener = listener
    for process in Set(owners.map(\.process)).sorted() { take(process, kernel) }
  }

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
    if let descriptor = thread.descriptor {
      thread.file = try? kernel.link(at: "/proc/\(thread.process)/fd/\(descriptor)")
    }
    guard let wchan = try? kernel.contents(of: "\(folder)/wchan"), wchan != [0x30] else { return }
    thread.wchan = wchan
  }
}
