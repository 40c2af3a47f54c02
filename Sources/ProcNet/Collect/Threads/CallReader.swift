/// Tells what a thread waits for from the number and arguments of its system call.
///
/// Where an argument is a pointer, what it points to is read from the process's memory, in
/// bounded pieces; what cannot be read is nil or unknown, never empty.
struct CallReader: Sendable {
  let kernel: any Kernel
  let architecture: Architecture?

  /// Longest array of poll that is read; who waits for more with poll has other troubles.
  static let mostPolled = 4096
  /// Highest descriptor of select that is looked at: 8 KiB a set.
  static let mostSelected = 65_536
  /// `PATH_MAX`, the final zero byte included.
  static let longestPath = 4096
  /// Nearly every path is shorter. We do not read more of another process's memory than we need.
  static let firstPartOfPath = 256

  /// - Parameter place: The kernel function in which the thread sleeps, where that is known.
  func call(
    _ number: Int32, _ arguments: [UInt64], of process: Int32, sleepingIn place: [UInt8]? = nil
  ) -> ThreadCall {
    var call = ThreadCall(
      number: number, name: nil, arguments: arguments, descriptors: nil, timeout: .unknown)
    guard let architecture, arguments.count == ProcSyscall.argumentCount,
      let shown = CallTable.shape(of: number, on: architecture)
    else { return call }
    let shape = RestartedSyscall(shown, arguments, sleepingIn: place)?.shape ?? shown
    call.name = shape.name
    call.descriptors = descriptors(shape, arguments, process)
    call.timeout = CallTimeoutReader(reader: self, process: process, arguments: arguments)
      .timeout(shape.ends)
    if let place = shape.path { take(place, process, into: &call) }
    call.likelyHolder = call.futex.flatMap {
      FutexHolder(reader: self, process: process).guess($0)
    }
    return call
  }

  private func descriptors(
    _ shape: SyscallSignature, _ arguments: [UInt64], _ process: Int32
  ) -> [AwaitedDescriptor]? {
    switch shape.awaits {
    case .nothing: []
    case .argument(let index):
      descriptor(arguments[index], shape.name.kind.readsOne, shape.name.kind.writesOne)
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
