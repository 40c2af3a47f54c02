/// Guesses which thread has the lock that a thread in futex waits for.
///
/// The kernel does not know: a futex is a number in memory, and what it means is the program's.
/// Three customs cover nearly all mutexes; whoever asks checks that the guess is a living thread.
struct FutexHolder {
  let reader: CallReader
  let process: Int32

  /// The C library's `pthread_mutex_t`: lock, count and owner, four bytes each.
  private enum Mutex {
    static let length = 12
    static let owner = 8
  }

  func guess(_ wait: FutexWait) -> Int32? {
    if wait.operation == .lockInheriting || wait.operation == .lockInheriting2 {
      return word(at: 0, of: wait.address, count: 4).map { Int32($0 & FutexWord.thread) }
    }
    if wait.expected & FutexWord.waiters != 0 { return Int32(wait.expected & FutexWord.thread) }
    guard wait.expected == FutexWord.contended else { return nil }
    return word(at: Mutex.owner, of: wait.address, count: Mutex.length)
      .flatMap { Int32(exactly: $0) }
  }

  private func word(at offset: Int, of address: UInt64, count: Int) -> UInt32? {
    reader.memory(process, address, count).map { $0.span.number32(at: offset) }
  }
}
