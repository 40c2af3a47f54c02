import DemoServers
import ProcNet

/// How a load goes, on standard error: one line that renews itself on a terminal, plain lines
/// elsewhere, and only when something has changed.
struct LoadProgressLine {
  private let isTerminal = OutputFile.standardError.isTerminal
  private var last = ""

  /// Nanoseconds between two lines; nil for none.
  static func interval(isQuiet: Bool) -> UInt64? {
    if isQuiet { return nil }
    return OutputFile.standardError.isTerminal ? 100_000_000 : 1_000_000_000
  }

  mutating func show(_ progress: LoadProgress) {
    let text = Self.text(progress)
    guard text != last else { return }
    last = text
    try? OutputFile.standardError.write(isTerminal ? "\r\u{1B}[K\(text)" : "\(text)\n")
  }

  /// Makes room for other output.
  mutating func clear() {
    if isTerminal, !last.isEmpty { try? OutputFile.standardError.write("\r\u{1B}[K") }
    last = ""
  }

  private static func text(_ progress: LoadProgress) -> String {
    let counts = progress.counts
    return "connected \(progress.open)  waiting \(progress.waiting)  answered \(counts.answered)"
      + "  refused \(counts.refused)  reset \(counts.reset)  timed out \(counts.timedOut)"
  }
}
