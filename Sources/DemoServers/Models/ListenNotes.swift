import Glibc

/// What somebody who starts a listener should know, on standard error.
enum ListenNotes {
  static func show(_ asked: ListenOptions, _ address: SocketAddress, _ journal: ServerLog) {
    if !address.isLocal {
      journal.trouble("note: listening beyond loopback, on \(address): others can connect")
    }
    if let most = longestQueue, asked.backlog > most {
      journal.trouble(
        "note: the kernel cuts the backlog of \(asked.backlog) to \(most) (net.core.somaxconn)")
    }
  }

  /// `net.core.somaxconn` of our network namespace; nil when it cannot be read.
  private static var longestQueue: Int32? {
    let descriptor = unsafe open("/proc/sys/net/core/somaxconn", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = unsafe read(descriptor, &bytes, bytes.count)
    let digits = bytes.prefix(max(0, count)).prefix { $0 != UInt8(ascii: "\n") }
    return Int32(String(decoding: digits, as: UTF8.self))
  }
}
