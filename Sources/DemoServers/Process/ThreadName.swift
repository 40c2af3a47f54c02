import CLinux

/// What ps, top and `/proc/PID/task/TID/comm` call a thread; the main thread's is its process's.
enum ThreadName {
  /// The kernel keeps 15 bytes.
  static let longest = 15

  /// Names the calling thread.
  static func set(_ name: String) { _ = unsafe sockinspect_prctl_name(name) }

  /// `demo-pool-w` and 3 make `demo-pool-w3`; the number survives when not all has room.
  static func numbered(_ name: String, _ number: Int) -> String {
    let digits = String(number)
    return name.prefix(max(0, longest - digits.count)) + digits
  }
}
