import CLinux
import Glibc
import Synchronization

/// A lock between processes: flock on a file without a name. The kernel gives it back when its
/// holder dies.
final class FileLock: Sendable {
  /// The file, which children inherit.
  let descriptor: Int32
  /// flock belongs to an open file, and children share ours: whoever locks opens it anew. Only
  /// one can hold the lock, so one place is enough to remember what to close.
  private let held = Atomic<Int32>(-1)

  init() throws(DemoError) {
    descriptor = try SystemCall.retrying("make a lock file") {
      unsafe memfd_create("demo-lock", SOCKINSPECT_MFD_CLOEXEC)
    }
  }

  /// The one that was inherited.
  init(adopting descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  func take() throws(DemoError) {
    let opened = try SystemCall.retrying("open the lock file") {
      unsafe open("/proc/self/fd/\(descriptor)", O_RDWR | O_CLOEXEC)
    }
    do {
      _ = try SystemCall.retrying("lock") { flock(opened, LOCK_EX) }
    } catch {
      close(opened)
      throw error
    }
    held.store(opened, ordering: .releasing)
  }

  func release() {
    let opened = held.exchange(-1, ordering: .acquiring)
    if opened >= 0 { close(opened) }
  }
}
