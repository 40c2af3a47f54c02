import CLinux
import Glibc

/// A mount namespace that only the harness and its children are in; what is mounted there ends with
/// them.
enum HarnessMounts {
  static func enter() throws(DemoError) {
    guard unshare(newMounts) == 0 else { throw .skip("make a mount namespace") }
    // Otherwise the host would get what we mount.
    let flags = UInt(MS_REC | MS_PRIVATE)
    guard unsafe mount("none", "/", nil, flags, nil) == 0 else {
      throw .skip("make the mount namespace private")
    }
  }

  /// CLONE_NEWNS of linux/sched.h (since Linux 2.4.19).
  private static let newMounts: Int32 = 0x2_0000
}

extension DemoError {
  /// A system call that failed just now, without which a scenario cannot be shown here.
  static func skip(_ attempt: String) -> DemoError {
    DemoError("\(system(attempt).message); it needs root", status: 77)
  }
}
