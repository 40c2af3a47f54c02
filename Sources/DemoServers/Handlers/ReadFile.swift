import Glibc

/// Answers with what a file says, opened anew for each answer.
struct ReadFile: Handler {
  let path: String

  func answer(to message: [UInt8]) throws(DemoError) -> [UInt8] {
    let file = try SystemCall.open(path, O_RDONLY)
    defer { Glibc.close(file) }
    var text = [UInt8](repeating: 0, count: 4096)
    let count = try SystemCall.retrying("read \(path)") {
      unsafe Glibc.read(file, &text, text.count)
    }
    return Array(text[..<count])
  }
}

extension HandlerFactory {
  static let readFile = HandlerFactory(
    name: "read-file", argument: "PATH", meaning: "answer with what a file says"
  ) { path, _ in ReadFile(path: path) }
}
