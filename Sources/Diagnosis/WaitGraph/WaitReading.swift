import ProcNet

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
