/// Sends many bytes at once and reads nothing: a client that does not read them makes it wait.
struct Flood: Handler {
  let bytes: Int

  func open() -> Opening { .flood(bytes) }

  /// Lines of 64 characters, sent again and again.
  static let piece: [UInt8] = {
    let line = Array("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-\n".utf8)
    return Array(repeatElement(line, count: 1024).joined())
  }()
}

extension HandlerFactory {
  static let flood = HandlerFactory(
    name: "flood", argument: "BYTES", meaning: "send BYTES bytes at once, without reading"
  ) { (argument, _) throws(DemoError) in
    guard let bytes = Int(argument), bytes >= 0, argument.first != "+" else {
      throw .usage("'\(argument)' is not a number of bytes")
    }
    return Flood(bytes: bytes)
  }
}
