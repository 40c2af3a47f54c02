/// Finds who is blocked in connect() at a unix listener whose queue is full.
///
/// The kernel has no list of them: they are the threads that sleep in `unix_wait_for_peer` and in
/// the system call connect, whose first argument is their descriptor. Needs the rights of a
/// debugger.
enum BlockedConnectors {
  /// connect on x86-64 and on aarch64.
  private static let connectCalls: Set<Int32> = [42, 203]
  private static let sleepsIn = Array("unix_wait_for_peer".utf8)

  static func find(through kernel: any Kernel, gaps: inout [Gap]) -> [Owner] {
    guard let processes = try? OwnerIndexProcesses.read(through: kernel) else { return [] }
    var blocked: [Owner] = []
    var denied = 0
    for process in processes {
      switch descriptors(of: process, kernel) {
      case .none: denied += 1
      case .some(let found):
        let command = self.command(of: process, kernel)
        blocked += found.map { Owner(process: process, descriptor: $0, command: command) }
      }
    }
    if denied > 0 {
      gaps.append(
        Gap(
          .owners,
          missing:
            "who of \(denied) \(denied == 1 ? "process" : "processes") is blocked in connect()",
          reason: "permission denied", remedy: kernel.remedyForDenial))
    }
    return blocked
  }

  /// Descriptors on which threads of a process are blocked; nil when we may not look.
  private static func descriptors(of process: Int32, _ kernel: any Kernel) -> [Int32]? {
    let folder = "/proc/\(process)/task"
    guard let threads = try? kernel.entries(of: folder) else { return [] }
    var found: [Int32] = []
    for thread in threads {
      let path = "\(folder)/\(thread.name)"
      guard let place = text("\(path)/wchan", kernel), place == sleepsIn || place == [0x30]
      else { continue }
      do throws(KernelError) {
        let call = try kernel.contents(of: "\(path)/syscall")
        if place == sleepsIn, let number = descriptor(call) { found.append(number) }
      } catch {
        if error.isDenied { return nil }
      }
    }
    return found
  }

  /// The first argument of connect.
  private static func descriptor(_ text: [UInt8]) -> Int32? {
    guard case .call(let number, let arguments)? = ProcSyscall.decode(text.span),
      connectCalls.contains(number), let first = arguments.first
    else { return nil }
    return Int32(exactly: first)
  }

  private static func command(of process: Int32, _ kernel: any Kernel) -> [UInt8] {
    Array((text("/proc/\(process)/comm", kernel) ?? []).prefix(ProcStat.longestCommand))
  }

  private static func text(_ path: String, _ kernel: any Kernel) -> [UInt8]? {
    guard let bytes = try? kernel.contents(of: path) else { return nil }
    return bytes.last == 0x0A ? bytes.dropLast() : bytes
  }
}
