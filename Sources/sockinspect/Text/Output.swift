import ProcNet

/// Standard output behind one reused buffer.
struct Output: ~Copyable {
  var writer = ByteWriter()
  private let file: OutputFile
  /// Large enough that writing costs nothing beside listing, small enough to stay in the cache.
  private static let full = 64 * 1024

  init(_ file: OutputFile = .standardOutput) { self.file = file }

  mutating func flushWhenFull() throws(KernelError) {
    if writer.count >= Self.full { try flush() }
  }

  mutating func flush() throws(KernelError) {
    guard writer.count > 0 else { return }
    try file.write(writer.span)
    writer.clear()
  }
}

/// Lines for the person at the terminal, on standard error.
enum Notice {
  static func show(_ gaps: [Gap]) {
    for gap in gaps.telling { show("note: \(gap.message)") }
  }

  static func show(_ line: String) {
    try? OutputFile.standardError.write(
      "sockinspect: \(SafeText.string(line))\n")
  }
}
