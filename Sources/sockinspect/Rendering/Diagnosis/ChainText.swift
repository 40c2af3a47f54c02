import Diagnosis
import ProcNet

/// Who waits for whom, drawn with arrows.
struct ChainText {
  let page: TextPage

  /// In one line where it fits, else a step a line.
  func lines(_ chain: [ChainLink]) -> [String] {
    var steps = chain.map(Self.step)
    // A thread at rest, or at a lock, says itself what it waits for.
    if let end = chain.last?.waitsFor, end.kind != .unknown, end.kind != .lock {
      steps.append(end.text)
    }
    let line = steps.joined(separator: " → ")
    guard let width = page.width else { return [line] }
    let room = width - TextPage.margin
    if DisplayWidth.of(SafeText.string(line)) <= room { return [line] }
    return steps.enumerated().map { $0.offset == 0 ? $0.element : "→ \($0.element)" }
  }

  /// `demo-front (pid 12) recvfrom fd 4 for 62 s`.
  static func step(_ link: ChainLink) -> String {
    var words = [link.process.text]
    if let thread = link.thread, thread != link.process.process { words.append("thread \(thread)") }
    if let call = link.call { words.append(call) }
    if let descriptor = link.descriptor { words.append("fd \(descriptor)") }
    if let target = link.waitsFor, target.kind == .lock { words.append("(\(target.text))") }
    if let since = link.since { words.append("for \(Phrase.duration(since))") }
    return words.joined(separator: " ")
  }
}
