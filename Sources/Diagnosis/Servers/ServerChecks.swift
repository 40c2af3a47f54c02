import ProcNet

/// Commands to see by hand what a finding about a server says.
struct ServerChecks {
  let server: ServerCase

  /// The queue as ss shows it.
  var queue: String {
    let socket = server.listener.socket
    if socket.netid.isUnix {
      return "ss -lx | grep -F '\(Words.path(socket.path, socket.inode))'"
    }
    return "ss -ltn 'sport = :\(socket.local.port)'"
  }

  func commands(_ obstacles: [Obstacle]) -> [String] {
    guard let thread = obstacles.first?.thread else { return [queue] }
    let process = thread.process.process
    let folder =
      thread.thread == process ? "/proc/\(process)" : "/proc/\(process)/task/\(thread.thread)"
    if thread.wait.isHalted { return [queue, "grep -E 'State|TracerPid' \(folder)/status"] }
    var commands = [queue]
    if thread.wait.kind == .running {
      commands.append("top -H -p \(process)")
    } else {
      commands.append("cat \(folder)/syscall\(meaning(thread))")
    }
    if let descriptor = thread.wait.sockets.first?.descriptor, thread.wait.soleSocket != nil {
      commands.append("ls -l /proc/\(process)/fd/\(descriptor)")
    }
    return commands
  }

  /// `  # 45 = recvfrom, 0x4`: the shell takes it for a comment.
  private func meaning(_ thread: ThreadCase) -> String {
    guard let call = thread.snapshot.call, let name = call.name else { return "" }
    let first = call.arguments.first.map { ", 0x\(String($0, radix: 16))" } ?? ""
    return "  # \(call.number) = \(name.rawValue)\(first)"
  }
}
