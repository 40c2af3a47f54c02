// Seeds: /proc/net/tcp /proc/self/mounts
@testable import ProcNet

/// A text cut into pieces has the lines that it has as a whole.
func fuzz(_ input: Span<UInt8>) {
  guard input.count > 2 else { return }
  let text = (2..<input.count).map { input[$0] }
  let longest = Int(input[1])
  let whole = lines(of: text, inPiecesOf: text.count, longest: longest)
  require(whole.allSatisfy { $0.count <= longest }, "a line is too long")
  require(whole.allSatisfy { !$0.contains(10) }, "a line has a newline")
  require(
    lines(of: text, inPiecesOf: Int(input[0]) + 1, longest: longest) == whole,
    "the lines depend on the pieces")
}

private func lines(of text: [UInt8], inPiecesOf size: Int, longest: Int) -> [[UInt8]] {
  var reader = LineReader(longest: longest)
  var found: [[UInt8]] = []
  var start = 0
  do {
    while start < text.count {
      let end = min(start + size, text.count)
      try reader.take(text.span.extracting(start..<end)) { line throws(KernelError) in
        found.append(line.copied())
      }
      start = end
    }
    try reader.finish { line throws(KernelError) in found.append(line.copied()) }
  } catch {
    require(false, "nothing here fails")
  }
  return found
}
