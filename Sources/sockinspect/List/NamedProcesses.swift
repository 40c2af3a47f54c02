import ProcNet

/// Processes that a filter names, `pid:812` or `nginx`, whether or not they hold sockets.
struct NamedProcesses {
  let numbers: [Int32]
  /// The filter asks for a process at all.
  let isAsked: Bool
  private let kernel: any Kernel

  init(_ expression: Expression, through kernel: any Kernel) {
    if let number = Self.number(in: expression) {
      numbers = Self.command(of: number, kernel) == nil ? [] : [number]
      isAsked = true
    } else if let pattern = Self.command(in: expression) {
      numbers = Self.all(kernel).filter { number in
        Self.command(of: number, kernel).map(pattern.matchesCommand) ?? false
      }
      isAsked = true
    } else {
      (numbers, isAsked) = ([], false)
    }
    self.kernel = kernel
  }

  /// Whether what any of them holds may not be looked at.
  var isDenied: Bool {
    numbers.contains { number in
      do throws(KernelError) {
        try kernel.walkDescriptors(ofProcess: number) { _, _ in }
        return false
      } catch { return true }
    }
  }

  /// `pid:812`.
  private static func number(in expression: Expression) -> Int32? {
    guard case .holds(.number(.pid, .equal, let bound)) = expression, !bound.isCut else {
      return nil
    }
    return Int32(exactly: bound.whole)
  }

  /// `nginx`, which may be a command or a service, or `command:nginx`.
  private static func command(in expression: Expression) -> NamePattern? {
    switch expression {
    case .any(let parts): parts.lazy.compactMap(command).first
    case .holds(.text(.comm, let pattern, false)): pattern
    default: nil
    }
  }

  private static func all(_ kernel: any Kernel) -> [Int32] {
    let entries = (try? kernel.entries(of: "/proc")) ?? []
    return entries.compactMap { Int32($0.name) }.filter { $0 > 0 }
  }

  private static func command(of process: Int32, _ kernel: any Kernel) -> [UInt8]? {
    let text = try? kernel.contents(of: "/proc/\(process)/comm", limit: 4096)
    return text.map { Array($0.prefix { $0 != 0x0A }) }
  }

  /// Why nothing was found, in one line without a full stop.
  func complaint(_ words: String, isIncomplete: Bool) -> String {
    if numbers.isEmpty {
      let hint = isIncomplete ? " that may be looked at\(advice)" : ""
      return "nothing matches '\(words)': no socket and no process\(hint)"
    }
    let what = numbers.count == 1 ? "process \(numbers[0])" : "\(numbers.count) processes"
    return isDenied
      ? "cannot tell what '\(words)' (\(what)) holds: permission denied\(advice)"
      : "'\(words)' (\(what)) holds no socket"
  }

  /// What is wrong with a bare word that is a program's name and matches nothing; nil where a
  /// program is called so, and of other filters.
  static func complaint(
    _ filter: Filter, _ words: [String], _ gaps: [Gap], through kernel: any Kernel
  ) -> UsageError? {
    guard filter.isSelector, let word = words.first else { return nil }
    let named = NamedProcesses(filter.expression, through: kernel)
    guard named.isAsked, named.numbers.isEmpty else { return nil }
    let complaint = named.complaint(SafeText.string(word), isIncomplete: !gaps.telling.isEmpty)
    return UsageError(complaint, isUndecided: true)
  }

  private var advice: String { kernel.isRoot ? "" : "; run as root" }
}
