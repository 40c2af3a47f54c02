/// What /proc says about a process of the scenario.
struct ProcessView: Sendable {
  let pid: Int32

  /// Fields of /proc/<pid>/stat behind the name: the state letter comes first.
  private var fields: [Substring] {
    guard let text = HarnessFile.text("/proc/\(pid)/stat"),
      let end = text.utf8.lastIndex(of: UInt8(ascii: ")"))
    else { return [] }
    return text[text.index(after: end)...].split(separator: " ")
  }

  /// R running, S sleeping, T stopped, Z ended but not fetched; nil when there is no such process.
  var state: Substring? { fields.first }
  var exists: Bool { state != nil && state != "Z" }

  /// Processor time so far, in clock ticks (usually 10 ms).
  var ticks: Int {
    let fields = fields
    guard fields.count > 12 else { return 0 }
    return (Int(fields[11]) ?? 0) + (Int(fields[12]) ?? 0)
  }

  var threads: [String] { HarnessFile.names(in: "/proc/\(pid)/task") ?? [] }
  var descriptorCount: Int { HarnessFile.names(in: "/proc/\(pid)/fd")?.count ?? 0 }

  /// Whether it has a file open.
  func hasOpen(_ path: String) -> Bool {
    let descriptors = HarnessFile.names(in: "/proc/\(pid)/fd") ?? []
    return descriptors.contains { HarnessFile.target(of: "/proc/\(pid)/fd/\($0)") == path }
  }

  /// Its children, theirs and so on.
  var descendants: [ProcessView] { children.flatMap { [$0] + $0.descendants } }

  var children: [ProcessView] {
    threads.flatMap { thread in
      let text = HarnessFile.text("/proc/\(pid)/task/\(thread)/children") ?? ""
      return text.split(separator: " ").compactMap { Int32($0) }.map(ProcessView.init)
    }
  }

  /// Threads that sleep in such a call. Where the kernel does not tell us (ptrace forbidden),
  /// those that sleep at all.
  func threads(in call: BlockingCall) -> Int {
    threads.count { thread in
      guard let line = HarnessFile.text("/proc/\(pid)/task/\(thread)/syscall") else {
        return state == "S"
      }
      let number = line.split(separator: " ").first.flatMap { Int($0) }
      return number.map(call.numbers.contains) ?? false
    }
  }

  func isIn(_ call: BlockingCall) -> Bool { threads(in: call) > 0 }
}
