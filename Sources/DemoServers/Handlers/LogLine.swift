import Glibc

/// Writes a line to standard error before each answer, as servers that log each request do, and
/// waits for as long as that cannot be written.
struct LogLine: Handler {
  /// Long enough for a few of them to fill a page.
  private static let line = Array(
    "request from a client \(String(repeating: ".", count: 976))\n".utf8)

  func answer(to message: [UInt8]) throws(DemoError) -> [UInt8] {
    var rest = Self.line[...]
    while !rest.isEmpty {
      let count = try SystemCall.retrying("write to the log") {
        unsafe rest.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
      }
      rest = rest.dropFirst(count)
    }
    return message
  }
}

extension HandlerFactory {
  static let logLine = HandlerFactory(
    name: "log-line", argument: nil, meaning: "write a line to standard error before each answer"
  ) { _, _ in LogLine() }
}
