import Glibc

/// How many descriptors this process may have open (`RLIMIT_NOFILE`).
enum ClientLimits {
  /// Raises the soft limit to the hard one and answers what it is then.
  static func raiseOpenFiles() -> Int {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
      return 1024
    }
    if limit.rlim_cur < limit.rlim_max {
      let before = limit.rlim_cur
      limit.rlim_cur = limit.rlim_max
      let answer = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      if answer != 0 { limit.rlim_cur = before }
    }
    return Int(clamping: limit.rlim_cur)
  }

  /// Descriptors that are open already, those that were handed to us too.
  static var openFiles: Int {
    guard let folder = unsafe opendir("/proc/self/fd") else { return 3 }
    defer { unsafe closedir(folder) }
    var count = 0
    while unsafe readdir(folder) != nil { count += 1 }
    // The two dots, and the folder itself.
    return max(0, count - 3)
  }
}
