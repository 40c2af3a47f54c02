import ProcNet

/// What cannot be said of counters, and why.
enum CounterGaps {
  /// A name that other kernels have.
  static func lacking(_ name: String) -> Gap {
    Gap(
      missing: "counter \(SafeText.string(name))",
      reason: "this kernel does not have it, or not yet")
  }

  /// It may be among what could not be read; another gap says why.
  static func notSeen(_ name: String) -> Gap {
    Gap(
      missing: "counter \(SafeText.string(name))",
      reason: "it is not among the counters that could be read")
  }

  /// A namespace whose process has ended and whose number another one has now.
  static func replaced(_ before: CounterSample?, _ after: CounterSample?) -> Gap? {
    guard let before, let after, !before.isSameNamespace(as: after) else { return nil }
    return Gap(
      missing: "changes of network namespace \(after.place.name ?? String(after.place.inode))",
      reason: "another namespace took its place between the two looks")
  }

  /// Counters that fell: no difference would be true.
  static func wentBack(_ rows: [CounterRow]) -> [Gap] {
    let names = rows.filter(\.wentBack).map { SafeText.string($0.counter.fullName) }
    guard let first = names.first else { return [] }
    let others = names.count > 1 ? " and \(names.count - 1) more" : ""
    return [
      Gap(
        missing: "change of \(first)\(others)",
        reason: "it fell: the kernel's number wrapped, or the namespace is another one now")
    ]
  }

  /// When not one counter could be read.
  static func nothing(_ gap: Gap) -> KernelError {
    let ending = gap.remedy.map { "; \($0)" } ?? ""
    return KernelError("read", gap.missing, .malformed(gap.reason + ending))
  }
}
