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
  /// The child it waits for, where the call names one.
  public var child: Int32?
  /// The call's name as the kernel's tables have it.
  public var call: String?
  /// The set of descriptors could not be read.
  public var isBlind = false

  public enum Kind: Sendable, Hashable {
    case running
    /// By a signal, by a debugger, by its control group.
    case stopped, traced, frozen
    case receive, send, accept, connect
    /// poll, select or epoll, for any of several.
    case any
    case lock, fileLock, child, timer
    /// Uninterruptible: mostly a disk or a file system elsewhere.
    case disk
    case other
    /// We may not know, or could not tell.
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

  /// Waits for just one socket: the thread's whole attention is on it. A wait for one socket
  /// beside pipes and the like counts, epoll does not.
  public var soleSocket: AwaitedSocket? {
    switch kind {
    case .receive, .send, .connect: return sockets.first
    case .any: return epoll == nil && sockets.count == 1 ? sockets.first : nil
    default: return nil
    }
  }

  /// The pipe that it reads or writes in one call; polling one beside others is no such thing.
  public var solePipe: UInt64? {
    guard kind == .receive || kind == .send, sockets.isEmpty, let other = others.first,
      case .pipe(let inode) = other.target
    else { return nil }
    return inode
  }

  /// The descriptor of the epoll instance it waits in.
  public var epoll: Int32?
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
    switch call.name?.kind {
    case .lock: wait.address = call.arguments.first
    case .child: wait.child = child(call)
    default: break
    }
    take(call, process, into: &wait)
    if wait.kind == .any, waitsForChild(wait) { wait.kind = .child }
    return wait
  }

  private static func kind(_ call: ThreadCall, _ thread: ThreadSnapshot) -> Wait.Kind {
    guard let name = call.name else { return thread.state == UInt8(ascii: "D") ? .disk : .other }
    switch name.kind {
    case .receive: return .receive
    case .send: return .send
    case .accept: return .accept
    case .connect: return .connect
    case .wait: return .any
    case .lock: return name == .flock || name == .fcntl ? .fileLock : .lock
    case .child: return .child
    case .sleep: return .timer
    case .file, .other: return thread.state == UInt8(ascii: "D") ? .disk : .other
    }
  }

  /// wait4 names the child in its first argument, waitid in its second.
  private static func child(_ call: ThreadCall) -> Int32? {
    let place = call.name == .waitid ? 1 : 0
    guard call.arguments.count > place else { return nil }
    let number = Int32(truncatingIfNeeded: call.arguments[place])
    return number > 0 ? number : nil
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

  /// Descriptors are told by what they lead to now; epoll's own note of the inode says whether the
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
            forReading: member.events & 0x1 != 0, forWriting: member.events & 0x4 != 0))
      case .some(let target):
        wait.others.append(AwaitedOther(descriptor: member.descriptor, target: target))
      case nil: break
      }
    }
  }

  /// poll on a pidfd is a wait for a child with a time-out.
  private static func waitsForChild(_ wait: Wait) -> Bool {
    guard wait.sockets.isEmpty, wait.others.count == 1,
      case .other(let link) = wait.others[0].target
    else { return false }
    return link == Array("anon_inode:[pidfd]".utf8) || link.starts(with: "pidfd:".utf8)
  }
}
