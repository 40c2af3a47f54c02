import ProcNet

/// What a thread waits for, from its state, its system call and its process's descriptors.
public struct Wait: Sendable, Hashable {
  public var kind: Kind
  /// Sockets it waits for; of epoll those that the instance watches.
  public var sockets: [AwaitedSocket] = []
  /// Whatever else it waits for by descriptor.
  public var others: [AwaitedOther] = []
  public var timeout: CallTimeout = .unknown
  /// The address it sleeps at, for futex.
  public var address: UInt64?
  /// Other processes may have the memory with that address as well.
  public var isShared = false
  /// The System V semaphore set it waits at.
  public var semaphoreSet: Int32?
  /// The child it waits for, where the call names one.
  public var child: Int32?
  /// The call's name as the kernel's tables have it.
  public var call: String?
  /// It waits for a lock in the way a contended mutex or a semaphore does, for good.
  public var isMutex = false
  /// It waits for signals, as masters do.
  public var isSignalWait = false
  /// The thread of its process that seems to have the lock.
  public var likelyHolder: Int32?
  /// The path that a call of the file system is stuck on, or that of a FIFO.
  public var path: [UInt8]?
  /// The set of descriptors could not be read.
  public var isBlind = false

  public enum Kind: Sendable, Hashable {
    case running
    /// By a signal, by a debugger, by its cgroup.
    case stopped, traced, frozen
    case receive, send, accept, connect
    /// poll, select or epoll, for any of several.
    case any
    case lock, fileLock, child, timer
    /// Uninterruptible: mostly a disk or a file system elsewhere.
    case disk
    /// For memory that its control group does not get.
    case memory
    /// A call of the file system: to open, look up, list or sync.
    case file
    /// For the other end of a FIFO: to be opened, or to write.
    case fifo
    case other
    /// Not known, or not allowed to be read.
    case unknown
  }

  public init(_ kind: Kind) { self.kind = kind }

  /// Stopped from outside: what it was doing says nothing.
  public var isHalted: Bool { kind == .stopped || kind == .traced || kind == .frozen }

  /// It would take a new connection from one of these listeners.
  public func accepts(_ listeners: Set<UInt32>) -> Bool {
    guard kind == .accept || kind == .any else { return false }
    return sockets.contains { $0.forReading && listeners.contains($0.inode) }
  }

  /// It waits for the next bytes of a socket, or for its next connection.
  func reads(_ inode: UInt32) -> Bool {
    sockets.contains { $0.inode == inode && $0.forReading }
  }

  /// The pipes that it reads, writes or polls.
  public var pipes: [UInt64] {
    others.compactMap { if case .pipe(let inode) = $0.target { inode } else { nil } }
  }

  /// It opens a FIFO whose other end no process has open.
  var opensFIFO: Bool { kind == .fifo && others.isEmpty }

  /// What it writes to, if not a socket: a terminal, a pipe, a file.
  public var output: AwaitedOther? { kind == .send && sockets.isEmpty ? others.first : nil }

  /// The terminal at which it waits for input.
  var input: AwaitedOther? {
    guard kind == .receive, sockets.isEmpty, let other = others.first,
      case .terminal = other.target
    else { return nil }
    return other
  }

  /// The descriptor of the epoll instance it waits in.
  public var epoll: Int32?

  /// The lock it waits for: `a lock at 0x7f…`, `semaphore set 3`.
  var lockName: String {
    if let semaphoreSet { return "semaphore set \(semaphoreSet)" }
    let place = isShared ? " in shared memory" : ""
    return address.map { "a lock at 0x\(String($0, radix: 16))\(place)" } ?? "a lock"
  }
}

/// A socket that a thread waits for.
public struct AwaitedSocket: Sendable, Hashable {
  public var inode: UInt32
  public var descriptor: Int32
  public var forReading: Bool
  public var forWriting: Bool
}

/// Something else with a descriptor that a thread waits for.
public struct AwaitedOther: Sendable, Hashable {
  public var descriptor: Int32
  public var target: DescriptorTarget
}

/// Reads what a thread waits for out of what `/proc` says of it and of its process.
enum WaitReading {
  static func wait(of thread: ThreadSnapshot, in process: ProcessSnapshot) -> Wait {
    if let halted = halted(thread, process) { return halted }
    if thread.waitsForMemory { return Wait(.memory) }
    switch thread.activity {
    case .running: return Wait(.running)
    case .denied, .unknown: return withoutCall(thread)
    case .outsideCall: return Wait(thread.state == UInt8(ascii: "D") ? .disk : .other)
    case .call(let call): return calling(call, thread, process)
    }
  }

  /// A halted thread still shows the call it was in, so its state comes first.
  private static func halted(_ thread: ThreadSnapshot, _ process: ProcessSnapshot) -> Wait? {
    if thread.state == UInt8(ascii: "t") || (thread.isStopped && (thread.tracer ?? 0) != 0) {
      return Wait(.traced)
    }
    if thread.state == UInt8(ascii: "T") { return Wait(.stopped) }
    return process.isFrozen == true ? Wait(.frozen) : nil
  }

  /// All that is left to an ordinary user: the state.
  private static func withoutCall(_ thread: ThreadSnapshot) -> Wait {
    switch thread.state {
    case UInt8(ascii: "R"): Wait(.running)
    case UInt8(ascii: "D"): Wait(.disk)
    default: Wait(.unknown)
    }
  }

  private static func calling(
    _ call: ThreadCall, _ thread: ThreadSnapshot, _ process: ProcessSnapshot
  ) -> Wait {
    var wait = Wait(kind(call, thread))
    wait.call = call.name?.rawValue ?? "system call \(call.number)"
    wait.timeout = call.timeout
    wait.address = call.futex?.address
    wait.isShared = call.futex?.isShared ?? false
    wait.semaphoreSet = call.semaphoreSet
    wait.isMutex =
      (call.futex?.isContendedMutex == true || call.semaphoreSet != nil) && call.timeout == .never
    wait.isSignalWait = call.isSignalWait
    wait.likelyHolder = call.likelyHolder
    wait.path = call.path == nil ? nil : process.path(of: call)
    if case .process(let child)? = call.awaitedChild { wait.child = child }
    take(call, process, into: &wait)
    if wait.kind == .any, waitsForChild(wait) { wait.kind = .child }
    takeFile(thread, into: &wait)
    return wait
  }

  /// A read from a file that does not return is a matter of its file system, and so is a write that
  /// no signal interrupts. A FIFO has a name as well: to open it waits for its other end, and to read
  /// it for data. A write to a FIFO without a reader lets itself be interrupted.
  private static func takeFile(_ thread: ThreadSnapshot, into wait: inout Wait) {
    if wait.kind == .file, thread.waitsAtPipe { wait.kind = .fifo }
    guard wait.sockets.isEmpty, case .file(let link)? = wait.others.first?.target,
      wait.kind == .receive || (wait.kind == .send && thread.state == UInt8(ascii: "D"))
    else { return }
    wait.kind = thread.waitsAtPipe ? .fifo : .file
    wait.path = link
  }

  private static func kind(_ call: ThreadCall, _ thread: ThreadSnapshot) -> Wait.Kind {
    guard let name = call.name else { return thread.state == UInt8(ascii: "D") ? .disk : .other }
    switch name.kind {
    case .receive: return .receive
    case .send: return .send
    case .accept: return .accept
    case .connect: return .connect
    case .wait: return .any
    case .lock: return call.locksFile ? .fileLock : .lock
    case .file: return .file
    case .child: return .child
    case .sleep: return .timer
    case .other: return thread.state == UInt8(ascii: "D") ? .disk : .other
    }
  }

  private static func take(
    _ call: ThreadCall, _ process: ProcessSnapshot, into wait: inout Wait
  ) {
    guard let awaited = call.descriptors else {
      wait.isBlind = true
      return
    }
    for descriptor in awaited {
      if call.name?.isEventPoll == true {
        takeWatched(descriptor.number, process, into: &wait)
      } else {
        take(descriptor, process, into: &wait)
      }
    }
    // poll and select on nothing, or epoll of nothing: a sleep.
    if wait.kind == .any, wait.sockets.isEmpty, wait.others.isEmpty, wait.epoll == nil,
      process.descriptors != nil
    {
      wait.kind = .timer
    }
  }

  private static func take(
    _ descriptor: AwaitedDescriptor, _ process: ProcessSnapshot, into wait: inout Wait
  ) {
    guard let descriptors = process.descriptors else {
      wait.isBlind = true
      return
    }
    switch descriptors[descriptor.number] {
    case .socket(let inode):
      wait.sockets.append(
        AwaitedSocket(
          inode: inode, descriptor: descriptor.number, forReading: descriptor.forReading,
          forWriting: descriptor.forWriting))
    case .eventPoll where wait.kind == .any:
      // epoll inside of poll, as libraries that bring their own loop do.
      takeWatched(descriptor.number, process, into: &wait)
    case .some(let target):
      wait.others.append(AwaitedOther(descriptor: descriptor.number, target: target))
    case nil: break
    }
  }

  /// Descriptors are known by what they lead to now; epoll's own note of the inode says whether the
  /// number has been reused since.
  private static func takeWatched(
    _ epoll: Int32, _ process: ProcessSnapshot, into wait: inout Wait
  ) {
    wait.epoll = epoll
    guard let watched = process.watchLists[epoll] else {
      wait.isBlind = true
      return
    }
    for member in watched {
      switch process.descriptors?[member.descriptor] {
      case .socket(let inode) where member.inode == nil || member.inode == UInt64(inode):
        wait.sockets.append(
          AwaitedSocket(
            inode: inode, descriptor: member.descriptor,
            forReading: member.forReading, forWriting: member.forWriting))
      case .some(let target):
        wait.others.append(AwaitedOther(descriptor: member.descriptor, target: target))
      case nil: break
      }
    }
  }

  /// poll on a pidfd is a wait for a child with a time-out.
  private static func waitsForChild(_ wait: Wait) -> Bool {
    wait.sockets.isEmpty && wait.others.count == 1 && wait.others[0].target == .process
  }
}
