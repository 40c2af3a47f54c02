import CLinux
import Glibc

/// Ties a process to its parent, so that nothing stays behind even after SIGKILL.
public enum ParentDeath {
  /// From now on SIGKILL, or another signal, comes when the parent ends (`PR_SET_PDEATHSIG`;
  /// precisely: when the thread ends that started us). Ends at once when the parent has gone
  /// already: its number is in our environment when it was one of us. Without it that shows only
  /// while we ask.
  ///
  /// - Parameter signal: one that can be handled, for those who have something to clean up.
  public static func endsUs(expecting parent: Int32? = nil, with signal: Int32 = SIGKILL) {
    let expected = parent ?? announced ?? getppid()
    _ = sockinspect_prctl_parent_death(signal)
    if getppid() != expected { _exit(1) }
  }

  /// The variable by which `SelfSpawner` tells a child who started it.
  static let variable = "SOCKINSPECT_PARENT"

  private static var announced: Int32? {
    guard let value = unsafe getenv(variable) else { return nil }
    return unsafe Int32(String(cString: value))
  }
}
