import Glibc

/// How many descriptors the process and its children may have open (`RLIMIT_NOFILE`).
enum OpenFileLimit {
  private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  /// Assumed where the kernel does not say.
  private static let usual = 1024

  /// Raises the soft limit to the hard one, as servers for many clients do; answers what it is
  /// then.
  @discardableResult static func raise() -> Int {
    guard var limit = current else { return usual }
    let before = limit.rlim_cur
    limit.rlim_cur = limit.rlim_max
    let isRaised = unsafe setrlimit(resource, &limit) == 0
    return Int(clamping: isRaised ? limit.rlim_cur : before)
  }

  static func set(_ count: UInt) throws(DemoError) {
    var limit = current ?? rlimit()
    guard count <= limit.rlim_max else {
      throw DemoError("cannot open \(count) files: the limit of this shell is \(limit.rlim_max)")
    }
    limit.rlim_cur = count
    unsafe setrlimit(resource, &limit)
  }

  /// As far as a process may raise its own limit without rights.
  static var hard: Int { current.map { Int(min($0.rlim_max, UInt(Int32.max))) } ?? usual }

  /// Descriptors that are open already, those that were handed to us too.
  static var inUse: Int {
    // All but that of the folder itself.
    SmallFile.names(in: "/proc/self/fd").map { max(0, $0.count - 1) } ?? 3
  }

  private static var current: rlimit? {
    var limit = rlimit()
    return unsafe getrlimit(resource, &limit) == 0 ? limit : nil
  }
}
