import Glibc

/// How many files a process may have open (RLIMIT_NOFILE).
enum DescriptorLimit {
  /// As far as a process may raise its own limit without rights.
  static var hard: Int {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
      return 1024
    }
    return Int(min(limit.rlim_max, UInt(Int32.max)))
  }
}
