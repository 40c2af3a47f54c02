import ProcNet

/// What a thread does, in words.
struct WaitWords {
  let file: CaseFile

  init(_ file: CaseFile) { self.file = file }

  /// The call's name, or what stands for it.
  static func call(_ thread: ThreadCase) -> String? {
    switch thread.wait.kind {
    case .running: "running"
    case .stopped: "stopped"
    case .traced: "traced"
    case .frozen: "frozen"
    case .unknown: nil
    default: thread.wait.call ?? thread.snapshot.call?.name?.rawValue
    }
  }

  /// `sleeps in recvfrom() on fd 4, the connection from 127.0.0.1:35628 (python3, pid 3135)`.
  func doing(_ thread: ThreadCase) -> String {
    let wait = thread.wait
    let call = wait.call.map { "\($0)()" } ?? "a system call"
    switch wait.kind {
    case .running: return "burns the processor\(share(thread))"
    case .stopped: return "is stopped (SIGSTOP, or Ctrl-Z in its terminal)"
    case .traced: return "is held by a debugger\(tracer(thread))"
    case .frozen: return "is frozen by its control group"
    case .timer where wait.call == "pause" || wait.call == "rt_sigsuspend":
      return "sleeps in \(call) until a signal comes"
    case .timer: return "sleeps in \(call), waiting for nothing but time\(timeout(wait))"
    case .lock: return "waits for a lock in \(call)\(address(wait))"
    case .fileLock: return "waits for a lock on a file in \(call)\(onDescriptor(wait))"
    case .child: return "waits for \(child(thread)) in \(call)\(timeout(wait))"
    case .disk: return "is in uninterruptible sleep (a disk, or a file system elsewhere)"
    case .accept: return "waits in \(call) for a new connection"
    case .receive, .send, .connect, .any: return onSockets(thread, call)
    case .other: return "sleeps in \(call)"
    case .unknown: return "cannot be looked at"
    }
  }

  private func onSockets(_ thread: ThreadCase, _ call: String) -> String {
    guard let awaited = AwaitedTarget(file).socket(of: thread),
      let row = file.table.socket(inode: awaited.inode)
    else {
      if let other = thread.wait.others.first, thread.wait.kind != .any {
        return "sleeps in \(call) on fd \(other.descriptor), \(Self.text(other.target))"
      }
      switch thread.wait.sockets.count {
      case 0: return "waits in \(call) for something else than sockets"
      case 1: return "waits in \(call) for one socket"
      case let count: return "waits in \(call) for any of \(count) sockets"
      }
    }
    let direction = file.table.listener(of: row) != nil || row.path != nil ? "from" : "to"
    return
      """
      sleeps in \(call) on fd \(awaited.descriptor), the connection \(direction) \
      \(Peers(file).text(of: row))
      """
  }

  private static func text(_ target: DescriptorTarget) -> String {
    switch target {
    case .socket(let inode): "socket \(inode)"
    case .pipe: "a pipe"
    case .eventPoll: "an epoll instance"
    default: target.name
    }
  }

  private func share(_ thread: ThreadCase) -> String {
    guard let ticks = thread.ticks, let interval = file.interval, interval > 0 else { return "" }
    return " (\(min(ticks * 1000 / interval, 100)) % of one)"
  }

  private func tracer(_ thread: ThreadCase) -> String {
    guard let tracer = thread.snapshot.tracer, tracer > 0 else { return "" }
    return ", \(file.name(tracer).text)"
  }

  private func timeout(_ wait: Wait) -> String {
    if case .after(let time) = wait.timeout { return " (\(Words.duration(time)) asked for)" }
    return ""
  }

  private func address(_ wait: Wait) -> String {
    wait.address.map { " at 0x\(String($0, radix: 16))" } ?? ""
  }

  private func onDescriptor(_ wait: Wait) -> String {
    guard let other = wait.others.first else { return "" }
    return " on fd \(other.descriptor), \(Self.text(other.target))"
  }

  private func child(_ thread: ThreadCase) -> String {
    let number =
      thread.wait.child ?? file.host.children(of: thread.process.process).last?.process
    return number.map { "its child \(file.name($0).text)" } ?? "a child process"
  }
}
