import Glibc

/// How many descriptors the process and its children may have (`RLIMIT_NOFILE`).
enum FileLimit {
  /// Raises it as far as we may, as servers for many clients do.
  static func raise() {
    var limit = rlimit()
    unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = limit.rlim_max
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }

  static func set(_ count: UInt) throws(DemoError) {
    var limit = rlimit()
    unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    guard count <= limit.rlim_max else {
      throw DemoError("cannot open \(count) files: the limit of this shell is \(limit.rlim_max)")
    }
    limit.rlim_cur = count
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
