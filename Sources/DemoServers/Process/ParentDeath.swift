import CLinux
import Glibc

/// Ties a process to its parent, so that nothing stays behind even after SIGKILL.
public enum ParentDeath {
  /// From now on SIGKILL comes when the parent ends (`PR_SET_PDEATHSIG`; precisely: when the
  /// thread ends that started us). Ends at once when the parent has gone already; without its
  /// number that shows only while we ask.
  public static func endsUs(expecting parent: Int32? = nil) {
    let expected = parent ?? getppid()
    _ = sockinspect_prctl_parent_death(SIGKILL)
    if getppid() != expected { _exit(1) }
  }
}
