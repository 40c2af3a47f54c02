import Diagnosis
import ProcNet

/// Which counters are shown.
enum CounterSelection: Sendable, Equatable {
  /// Those to look at when a server does not answer.
  case listen
  case all
  /// Names as people type them: `TcpExtListenDrops`, `listendrops`, `*Drop*`, `Udp`.
  case named([String])

  /// The counters of a namespace that are meant; of the usual ones in their own order.
  func chosen(from counters: [KernelCounter]) -> [KernelCounter] {
    switch self {
    case .all: return counters
    case .listen:
      let byName = Dictionary(
        counters.map { ($0.fullName, $0) }, uniquingKeysWith: { first, _ in first })
      return CounterDictionary.listen.compactMap { byName[$0] }
    case .named(let names):
      let patterns = names.map(CounterPattern.init)
      return counters.filter { counter in patterns.contains { $0.matches(counter) } }
    }
  }

  /// Names that none of these counters has.
  func unmatched(in counters: [KernelCounter]) -> [String] {
    guard case .named(let names) = self else { return [] }
    return names.filter { !counters.contains(where: CounterPattern($0).matches) }
  }

  /// Complains about names that no kernel has, and answers those that only this one lacks.
  ///
  /// - Parameter counters: What the kernel has, which may be more than the dictionary knows.
  func lacking(in counters: [KernelCounter]) throws(UsageError) -> [String] {
    var lacking: [String] = []
    for name in unmatched(in: counters) {
      let pattern = CounterPattern(name)
      guard CounterDictionary.all.contains(where: { pattern.matches($0.group, $0.name) }) else {
        throw Self.unknown(name, counters)
      }
      lacking.append(name)
    }
    return lacking
  }

  private static func unknown(_ name: String, _ counters: [KernelCounter]) -> UsageError {
    let shown = SafeText.string(name)
    if let near = CounterNames.nearest(to: name, among: counters) {
      return UsageError("there is no counter '\(shown)'; did you mean \(near)?")
    }
    return UsageError(
      "there is no counter '\(shown)'; 'sockinspect counters --all --zero' lists them")
  }
}

/// One name as it was typed: a full name, one without its group, a group, or a shell pattern.
struct CounterPattern {
  private let glob: Glob

  init(_ text: String) { glob = Glob(Array(text.utf8), foldsCase: true) }

  func matches(_ counter: KernelCounter) -> Bool { matches(counter.group, counter.name) }

  func matches(_ group: String, _ name: String) -> Bool {
    glob.matches(Array((group + name).utf8)) || glob.matches(Array(name.utf8))
      || glob.matches(Array(group.utf8))
  }
}

/// The names that can have been meant.
enum CounterNames {
  /// The nearest name of a counter in its own spelling; with its group only where that was typed.
  static func nearest(to word: String, among counters: [KernelCounter] = []) -> String? {
    let known =
      counters.map { ($0.fullName, $0.name) }
      + CounterDictionary.all.map { ($0.fullName, $0.name) }
    let candidates = known.map(\.1) + known.map(\.0)
    let folded = candidates.map { $0.lowercased() }
    guard let near = NearestWord.to(word, among: folded),
      let place = folded.firstIndex(of: near)
    else { return nil }
    return candidates[place]
  }
}

extension KernelCounter {
  /// nstat's spelling: `TcpExtListenOverflows`.
  var fullName: String { group + name }
}

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
      reason: "another namespace took its place between the two samples")
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
