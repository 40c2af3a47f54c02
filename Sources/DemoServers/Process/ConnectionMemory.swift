import Glibc

/// What one connection costs a process, from its resident memory before and at the most.
struct ConnectionMemory {
  var connections = 0
  private var most = 0
  private var before = 0

  /// Just before the first connection.
  mutating func begin() {
    before = Self.resident
    Shutdown.reports(memory: 0, connections: 0)
  }

  /// Measures at each hundredth more connections than ever: often enough, and not often.
  mutating func look() {
    guard connections > most, (connections - most) * 100 >= most else { return }
    most = connections
    let grown = max(0, Self.resident - before)
    Shutdown.reports(memory: grown / connections, connections: connections)
  }

  /// Bytes of physical memory that the process uses; the second number of `/proc/self/statm`.
  static var resident: Int {
    let descriptor = unsafe open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return 0 }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = unsafe read(descriptor, &bytes, bytes.count)
    let words = bytes.prefix(max(0, count)).split(separator: UInt8(ascii: " "))
    guard words.count > 1 else { return 0 }
    let pages = Int(String(decoding: words[1], as: UTF8.self)) ?? 0
    return pages * sysconf(Int32(_SC_PAGESIZE))
  }
}
