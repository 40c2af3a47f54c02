/// Tells what a thread waits for from the number and arguments of its system call.
///
/// Where an argument is a pointer, what it points to is read from the process's memory, in
/// bounded pieces; what cannot be read is nil or unknown, never empty.
struct SyscallDecoder: Sendable {
  let kernel: any Kernel
  let architecture: Architecture?

  /// Longest array of poll that is read; who waits for more with poll has other troubles.
  private static let mostPolled = 4096
  /// Highest descriptor of select that is looked at: 8 KiB a set.
  private static let mostSelected = 65_536
  /// `PATH_MAX`, the final zero byte included.
  static let longestPath = 4096
  /// Nearly every path is shorter. We do not read more of another process's memory than we need.
  private static let firstPartOfPath = 256

  /// Reads a call; it helps to know the kernel function in which the thread sleeps.
  func call(
    _ number: Int32, _ arguments: [UInt64], of process: Int32, sleepingIn place: [UInt8]? = nil
  ) -> ThreadCall {
    var call = ThreadCall(
      number: number, name: nil, arguments: arguments, descriptors: nil, timeout: .unknown)
    guard let architecture, arguments.count == ProcSyscall.argumentCount,
      let shown = CallTable.signature(of: number, on: architecture)
    else { return call }
    let signature = RestartedSyscall(shown, arguments, sleepingIn: place)?.signature ?? shown
    call.name = signature.name
    call.descriptors = descriptors(signature, arguments, process)
    call.timeout = TimeoutDecoder(decoder: self, process: process, arguments: arguments)
      .timeout(signature.ends)
    if let place = signature.path { take(place, process, into: &call) }
    call.likelyHolder = call.futex.flatMap {
      FutexHolder(decoder: self, process: process).guess($0)
    }
    return call
  }

  private func descriptors(
    _ signature: SyscallSignature, _ arguments: [UInt64], _ process: Int32
  ) -> [AwaitedDescriptor]? {
    switch signature.awaits {
    case .nothing: []
    case .argument(let index):
      descriptor(arguments[index], signature.name.kind.readsOne, signature.name.kind.writesOne)
    case .transfer(let source, let sink):
      descriptor(arguments[source], true, false) + descriptor(arguments[sink], false, true)
    case .pollSet: polled(arguments, process)
    case .selectSets: selected(arguments, process)
    }
  }

  /// None when the number is negative: the call is about to fail.
  private func descriptor(
    _ argument: UInt64, _ reads: Bool, _ writes: Bool
  ) -> [AwaitedDescriptor] {
    let number = Int32(truncatingIfNeeded: argument)
    guard number >= 0 else { return [] }
    return [AwaitedDescriptor(number: number, forReading: reads, forWriting: writes)]
  }

  private func polled(_ arguments: [UInt64], _ process: Int32) -> [AwaitedDescriptor]? {
    let count = Int(UInt32(truncatingIfNeeded: arguments[1]))
    guard count > 0 else { return [] }
    guard count <= Self.mostPolled else { return nil }
    return memory(process, arguments[0], count * PollSet.entryLength)
      .map { PollSet.decode($0.span) }
  }

  private func selected(_ arguments: [UInt64], _ process: Int32) -> [AwaitedDescriptor]? {
    let limit = Int(Int32(truncatingIfNeeded: arguments[0]))
    guard limit > 0 else { return [] }
    guard limit <= Self.mostSelected else { return nil }
    var sets: [[UInt8]?] = []
    for pointer in arguments[1...3] {
      let set = pointer == 0 ? nil : memory(process, pointer, SelectSet.byteCount(below: limit))
      if pointer != 0, set == nil { return nil }
      sets.append(set)
    }
    return SelectSet.decode(
      below: limit, reading: sets[0], writing: sets[1], exceptions: sets[2])
  }

  private func take(
    _ place: SyscallSignature.PathPlace, _ process: Int32, into call: inout ThreadCall
  ) {
    call.path = path(process, call.arguments[place.pointer])
    let folder = place.folder.map { Int32(truncatingIfNeeded: call.arguments[$0]) }
    // `AT_FDCWD` is negative, and so is every descriptor that there cannot be.
    if let folder, folder >= 0 { call.pathFolder = folder }
  }

  /// The bytes before the first zero byte. No pointer is no path, as an empty one is.
  private func path(_ process: Int32, _ address: UInt64) -> [UInt8]? {
    guard address != 0 else { return [] }
    var path: [UInt8] = []
    for count in [Self.firstPartOfPath, Self.longestPath - Self.firstPartOfPath] {
      let (start, overflow) = address.addingReportingOverflow(UInt64(path.count))
      guard !overflow,
        let bytes = try? kernel.readMemory(ofProcess: process, at: start, count: count)
      else { return nil }
      path += bytes.prefix { $0 != 0 }
      if bytes.contains(0) { return path }
      // Nothing is mapped behind these: not even the kernel finds an end.
      if bytes.count < count { return nil }
    }
    return nil
  }

  /// All bytes that were asked for, or nil.
  func memory(_ process: Int32, _ address: UInt64, _ count: Int) -> [UInt8]? {
    do throws(KernelError) {
      let bytes = try kernel.readMemory(ofProcess: process, at: address, count: count)
      return bytes.count == count ? bytes : nil
    } catch {
      return nil
    }
  }
}

extension CallName.Kind {
  /// Whether a call of this kind waits for its one descriptor to have something to read, or room
  /// to write. A lock on a file is neither.
  fileprivate var readsOne: Bool { self == .receive || self == .accept || self == .wait }
  fileprivate var writesOne: Bool { self == .send || self == .connect }
}

/// The call that a thread in `restart_syscall` is really in.
///
/// Whoever slept in poll, nanosleep or in futex with a time-out while its process was stopped,
/// traced or frozen goes on in `restart_syscall`: for poll without a time-out that is for good. The
/// arguments stay where they were, and the kernel function tells which call they belong to.
private struct RestartedSyscall {
  let signature: SyscallSignature

  /// nil for other calls, and when the function is not known.
  init?(_ shown: SyscallSignature, _ arguments: [UInt64], sleepingIn place: [UInt8]?) {
    guard shown.name == .restartSyscall, let place,
      let name = Self.name(String(rawBytes: place), arguments),
      let signature = CallTable.signature(named: name)
    else { return nil }
    self.signature = signature
  }

  private static func name(_ place: String, _ arguments: [UInt64]) -> CallName? {
    if place.hasPrefix("poll_schedule") || place.hasPrefix("do_sys_poll") { return .poll }
    if place.hasPrefix("futex_") { return .futex }
    // A sleep that goes on is in the scheduler's own functions, which the kernel passes over: what
    // shows is the entry of system calls itself.
    guard place.contains("nanosleep") || place.contains("syscall") else { return nil }
    // A clock's number comes first in one of them, a pointer in the other.
    return arguments[0] < 16 ? .clockNanosleep : .nanosleep
  }
}

/// Tells how long a system call may sleep, from its arguments and what they point to.
private struct TimeoutDecoder {
  let decoder: SyscallDecoder
  let process: Int32
  let arguments: [UInt64]

  func timeout(_ ends: SyscallSignature.Ends) -> CallTimeout {
    switch ends {
    case .unknown: .unknown
    case .never: .never
    case .milliseconds(let index): milliseconds(arguments[index])
    case .timespec(let index): timespec(arguments[index])
    case .timeval(let index): timeval(arguments[index])
    case .deadline(let index): deadline(arguments[index])
    case .futex: futex
    case .clockSleep: arguments[1] & Flag.absolute != 0 ? .atDeadline : timespec(arguments[2])
    case .fileLock: ThreadCall.waitingLocks.contains(arguments[1]) ? .never : .unknown
    case .ring: ring
    }
  }

  private enum Flag {
    /// `TIMER_ABSTIME` of clock_nanosleep.
    static let absolute: UInt64 = 1
    /// `IORING_ENTER_EXT_ARG`: argument 4 points to a structure with the time-out.
    static let ringArgument: UInt64 = 1 << 3
    static let ringArgumentLength = 24
  }

  private func milliseconds(_ argument: UInt64) -> CallTimeout {
    let value = Int32(truncatingIfNeeded: argument)
    return value < 0 ? .never : .after(UInt64(value))
  }

  private func timespec(_ pointer: UInt64) -> CallTimeout {
    duration(pointer) { TimeValue.milliseconds(timespec: $0.span) }
  }

  private func timeval(_ pointer: UInt64) -> CallTimeout {
    duration(pointer) { TimeValue.milliseconds(timeval: $0.span) }
  }

  private func duration(_ pointer: UInt64, _ decode: ([UInt8]) -> UInt64?) -> CallTimeout {
    guard pointer != 0 else { return .never }
    let bytes = decoder.memory(process, pointer, TimeValue.length)
    return bytes.flatMap(decode).map { .after($0) } ?? .unknown
  }

  private func deadline(_ pointer: UInt64) -> CallTimeout {
    pointer == 0 ? .never : .atDeadline
  }

  /// Only the plain wait has a duration; all other operations that sleep have a moment.
  private var futex: CallTimeout {
    let operation = FutexOperation(arguments[1])
    guard operation.waits else { return .unknown }
    return operation == .wait ? timespec(arguments[3]) : deadline(arguments[3])
  }

  /// `struct io_uring_getevents_arg` has the pointer to the time-out at offset 16.
  private var ring: CallTimeout {
    guard arguments[3] & Flag.ringArgument != 0 else { return .never }
    guard arguments[4] != 0 else { return .never }
    let bytes = decoder.memory(process, arguments[4], Flag.ringArgumentLength)
    return bytes.map { timespec($0.span.number64(at: 16)) } ?? .unknown
  }
}

/// Guesses which thread has the lock that a thread in futex waits for.
///
/// The kernel does not know: a futex is a number in memory, and what it means is the program's.
/// Three customs cover nearly all mutexes; whoever asks checks that the guess is a living thread.
private struct FutexHolder {
  let decoder: SyscallDecoder
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
    decoder.memory(process, address, count).map { $0.span.number32(at: offset) }
  }
}

/// The array of `struct pollfd` that poll and ppoll wait for, as it lies in a process's memory.
///
/// Each entry has a descriptor (i32), the events asked for and those that came (u16 each). An
/// entry with a negative descriptor is one that the program has switched off.
private enum PollSet {
  static let entryLength = 8

  /// `POLLIN`, `POLLPRI`, `POLLRDNORM`, `POLLRDBAND`, `POLLRDHUP`.
  private static let reading: UInt16 = 0x0001 | 0x0002 | 0x0040 | 0x0080 | 0x2000
  /// `POLLOUT`, `POLLWRNORM`, `POLLWRBAND`.
  private static let writing: UInt16 = 0x0004 | 0x0100 | 0x0200

  /// A part of an entry at the end is left out.
  static func decode(_ memory: Span<UInt8>) -> [AwaitedDescriptor] {
    var found: [AwaitedDescriptor] = []
    var start = 0
    while memory.count - start >= entryLength {
      let number = Int32(bitPattern: memory.number32(at: start))
      let events = memory.number16(at: start + 4)
      if number >= 0 {
        found.append(
          AwaitedDescriptor(
            number: number, forReading: events & reading != 0,
            forWriting: events & writing != 0))
      }
      start += entryLength
    }
    return found
  }
}

/// The bit sets (`fd_set`) that select and pselect wait for, as they lie in a process's memory.
private enum SelectSet {
  /// Whole 64 bit words, as the kernel reads them.
  static func byteCount(below limit: Int) -> Int { (limit + 63) / 64 * 8 }

  /// Descriptors in any of the sets, ascending; bits from `limit` on are not looked at. A set that
  /// is nil was not given, one that is too short has nothing beyond its end.
  static func decode(
    below limit: Int, reading: [UInt8]?, writing: [UInt8]?, exceptions: [UInt8]?
  ) -> [AwaitedDescriptor] {
    (0..<max(limit, 0)).compactMap { number in
      let reads = holds(reading, number) || holds(exceptions, number)
      let writes = holds(writing, number)
      guard reads || writes, let descriptor = Int32(exactly: number) else { return nil }
      return AwaitedDescriptor(number: descriptor, forReading: reads, forWriting: writes)
    }
  }

  private static func holds(_ set: [UInt8]?, _ number: Int) -> Bool {
    guard let set, number / 8 < set.count else { return false }
    return set[number / 8] & 1 << UInt8(number % 8) != 0
  }
}

/// A duration as it lies in a process's memory: two signed 64 bit numbers.
enum TimeValue {
  static let length = 16

  /// Milliseconds of a `struct timespec` (seconds and nanoseconds), rounded up; nil when the
  /// bytes are too few or no valid duration.
  static func milliseconds(timespec: Span<UInt8>) -> UInt64? {
    milliseconds(timespec, perSecond: 1_000_000_000)
  }

  /// The same of a `struct timeval` (seconds and microseconds).
  static func milliseconds(timeval: Span<UInt8>) -> UInt64? {
    milliseconds(timeval, perSecond: 1_000_000)
  }

  private static func milliseconds(_ bytes: Span<UInt8>, perSecond: UInt64) -> UInt64? {
    guard bytes.count >= length else { return nil }
    let (seconds, fraction) = (bytes.number64(at: 0), bytes.number64(at: 8))
    let perMillisecond = perSecond / 1000
    // The kernel takes whatever has more seconds than it can count as without an end.
    guard seconds < UInt64.max / 1000 / 2, fraction < perSecond else { return nil }
    return seconds * 1000 + (fraction + perMillisecond - 1) / perMillisecond
  }
}
