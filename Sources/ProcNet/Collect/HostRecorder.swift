/// Records a host: asks everything that any command asks, so that a recording answers them all.
///
/// It interprets nothing but what it needs to go on: whatever passes the `RecordingKernel` is in
/// the recording, failures included.
public struct HostRecorder {
  private let kernel: RecordingKernel
  private let writer: RecordingWriter
  private var gaps: [Gap] = []

  /// Records what the kernel says into the writer, which the caller then finishes.
  ///
  /// - Parameters:
  ///   - live: The host to record.
  ///   - writer: Has written the header, and nothing else yet.
  ///   - samples: At how many moments.
  ///   - interval: Milliseconds from the beginning of a sample to that of the next, which begins
  ///     later where the first one is not complete by then.
  ///   - namespaces: Finds the network namespaces to record through the kernel that it is given,
  ///     so that what it reads is in the recording as well.
  ///   - pause: Waits, in milliseconds, before another sample; false when there is to be none.
  /// - Returns: What the recording does not hold although the host has it.
  /// - Throws: When the recording cannot be written or the namespaces are not found.
  public static func record(
    through live: any Kernel, into writer: RecordingWriter, samples: Int = 1,
    every interval: UInt64 = 1000,
    namespaces: (any Kernel) throws(KernelError) -> [NetworkNamespace] = { _ in [.here] },
    pause: (UInt64) -> Bool = Interruption.pause(milliseconds:)
  ) throws(KernelError) -> [Gap] {
    var recorder = HostRecorder(kernel: RecordingKernel(live, into: writer), writer: writer)
    var start = CurrentProcess.steadyTime
    // Listed before anybody else lists them: of equal questions the first answer counts.
    let processes = try recorder.processes()
    try recorder.recordHost()
    let places = try namespaces(recorder.kernel)
    for place in places {
      try recorder.recordNamespace(place)
      try recorder.recordSettings(of: place)
    }
    try recorder.recordProcesses(processes)
    try recorder.recordControlGroups()
    let gaps = recorder.gaps
    for _ in 1..<max(samples, 1) {
      let now = CurrentProcess.steadyTime
      guard pause(start + interval > now ? start + interval - now : 0) else { break }
      start = CurrentProcess.steadyTime
      try recorder.recordAgain(places, processes)
    }
    return gaps
  }

  /// Another sample: what changes, of the same namespaces. Processes of the first sample are asked
  /// for even when they have ended, so that the sample says so.
  private mutating func recordAgain(
    _ places: [NetworkNamespace], _ first: [Int32]
  ) throws(KernelError) {
    try writer.beginSample(at: CurrentProcess.now)
    let processes = Set(first).union(try self.processes()).sorted()
    for path in HostRecorderPaths.files where path.hasPrefix("/proc/") { try recordFile(path) }
    for place in places { try recordNamespace(place) }
    try recordProcesses(processes)
  }

  private init(kernel: RecordingKernel, writer: RecordingWriter) {
    self.kernel = kernel
    self.writer = writer
  }

  private mutating func note(_ gap: Gap) { gaps.append(gap) }

  /// Asks something and answers why that failed; throws only when the recording cannot go on.
  @discardableResult
  private func attempt(
    _ question: (RecordingKernel) throws(KernelError) -> Void
  ) throws(KernelError) -> KernelError? {
    do throws(KernelError) {
      try question(kernel)
      return nil
    } catch {
      if let failure = writer.failure { throw failure }
      return error
    }
  }

  @discardableResult
  private func recordFile(_ path: String) throws(KernelError) -> KernelError? {
    try attempt { (kernel) throws(KernelError) in
      try kernel.read(path) { (_) throws(KernelError) in }
    }
  }

  /// The link and what it leads to, as for a file that stands for a namespace. Answers why the
  /// link could not be read.
  @discardableResult
  private func recordLink(_ path: String) throws(KernelError) -> KernelError? {
    try recordIdentity(path)
    return try attempt { (kernel) throws(KernelError) in _ = try kernel.link(at: path) }
  }

  private func recordIdentity(_ path: String) throws(KernelError) {
    try attempt { (kernel) throws(KernelError) in _ = try kernel.identity(of: path) }
  }

  /// The entries of a folder; none when it cannot be listed.
  private func recordFolder(_ path: String) throws(KernelError) -> [FolderEntry] {
    var entries: [FolderEntry] = []
    try attempt { (kernel) throws(KernelError) in entries = try kernel.entries(of: path) }
    return entries
  }

  private func recordHost() throws(KernelError) {
    for path in HostRecorderPaths.files { try recordFile(path) }
    for path in HostRecorderPaths.links { try recordLink(path) }
    for folder in NamedNamespaces.folders {
      for entry in try recordFolder(folder) { try recordLink("\(folder)/\(entry.name)") }
    }
  }

  /// Every control group's folder with its inode, which is the id that sock_diag tells.
  private mutating func recordControlGroups() throws(KernelError) {
    let root = controlGroupMount()
    try recordIdentity(root)
    var folders = [root]
    var count = 0
    while let folder = folders.popLast() {
      count += 1
      guard count <= HostRecorderPaths.mostControlGroups else {
        return note(Gap(missing: "some control groups", reason: "there are too many"))
      }
      for entry in try recordFolder(folder) {
        if entry.isFolder { folders.append("\(folder)/\(entry.name)") }
        if entry.name == "cgroup.events" { try recordFile("\(folder)/cgroup.events") }
      }
    }
  }

  private func controlGroupMount() -> String {
    (try? CgroupMounts(through: kernel))?.root(.unified) ?? "/sys/fs/cgroup"
  }

  /// How often a dump is asked for that changed while it was given; the last one is kept as is.
  private static let attempts = 3

  /// Every state, also those that this program does not know.
  private static let everything = StateSet(rawValue: .max)

  private mutating func recordNamespace(_ place: NetworkNamespace) throws(KernelError) {
    let query = SocketQuery(
      netids: .all, states: Self.everything, details: .all, namespace: place)
    for table in DiagSource.Table.all(for: query) {
      try recordDump(.socketDiagnosis, table.request(query), place, table.name)
    }
    let links = try recordDump(.route, RouteMessage.linksRequest, place, "interfaces")
    let addresses = try recordDump(.route, RouteMessage.addressesRequest, place, "addresses")
    if let tables = place.tables {
      try recordIdentity("\(tables)/dev")
      let others = links && addresses ? [] : HostRecorderPaths.insteadOfRouteAnswers
      for name in HostRecorderPaths.tables + others { try recordFile("\(tables)/\(name)") }
    }
    if let path = place.path { try recordLink(path) }
  }

  /// Those of a namespace other than our own; ours are among the host's files.
  private func recordSettings(of place: NetworkNamespace) throws(KernelError) {
    guard let namespace = place.path else { return }
    for path in HostRecorderPaths.ofNamespace {
      try attempt { (kernel) throws(KernelError) in
        _ = try kernel.setting(path, inNamespaceAt: namespace)
      }
    }
  }

  /// False when there was no answer.
  @discardableResult
  private mutating func recordDump(
    _ subsystem: NetlinkRequest.Subsystem, _ message: [UInt8], _ place: NetworkNamespace,
    _ name: String
  ) throws(KernelError) -> Bool {
    let request = NetlinkRequest(
      subsystem: subsystem, namespacePath: place.path, message: message)
    for attempt in 1...Self.attempts {
      let isLast = attempt == Self.attempts
      let failure = try self.attempt { (kernel) throws(KernelError) in
        try Self.drain(request, kernel, acceptingInterruption: isLast)
      }
      guard let failure, failure.cause == .interrupted else {
        noteFailure(failure, name, place)
        return failure == nil
      }
    }
    return false
  }

  /// Reads an answer to its end; throws `interrupted` when it should be asked for again.
  private static func drain(
    _ request: NetlinkRequest, _ kernel: RecordingKernel, acceptingInterruption: Bool
  ) throws(KernelError) {
    try kernel.ask(request) { (datagram) throws(KernelError) in
      let dump = DumpStatus(datagram: datagram)
      if dump.wasInterrupted && !acceptingInterruption {
        throw KernelError("read", "a dump", .interrupted)
      }
      return dump.isOver ? .complete : .more
    }
  }

  /// A kernel without a table is no gap; one that does not let us in is, once for a namespace.
  private mutating func noteFailure(
    _ failure: KernelError?, _ name: String, _ place: NetworkNamespace
  ) {
    guard let failure, !failure.isUnsupported else { return }
    var gap = Gap(
      missing: name, reason: failure.reason,
      remedy: failure.isDenied && !kernel.isRoot ? "record as root" : nil)
    if let path = place.path { gap.missing = "what sock_diag says in \(path)" }
    if !gaps.contains(gap) { note(gap) }
  }

  private func processes() throws(KernelError) -> [Int32] {
    try recordFolder("/proc").compactMap { Int32(procDigits: $0.name.utf8) }
  }

  /// A process that has ended since it was listed is recorded as gone.
  private mutating func recordProcesses(_ processes: [Int32]) throws(KernelError) {
    var threads = 0
    var unlisted = 0
    let groups = CgroupFiles(through: kernel)
    // Asked here and not with the host's other files: what it says is followed below.
    let locks = ProcLocks(ProcFile("/proc/locks", kernel, limit: 1 << 26).text ?? [])
    let locked = LockedFiles(locks, through: kernel)
    for process in processes {
      for name in HostRecorderPaths.ofProcess { try recordFile("/proc/\(process)/\(name)") }
      try recordNamespaceOf(process)
      try recordControlGroup(of: process, groups)
      let descriptors = try recordDescriptors(of: process)
      if descriptors == nil { unlisted += 1 }
      try attempt { (_) throws(KernelError) in _ = locked.files(of: process, descriptors ?? [:]) }
      try recordThreads(of: process, descriptors ?? [:], &threads)
    }
    if unlisted > 0 {
      note(
        Gap(
          missing: "descriptors of \(Gap.count(unlisted, "process", "processes"))",
          reason: "permission denied", remedy: kernel.isRoot ? nil : "record as root"))
    }
    if threads > HostRecorderPaths.mostThreads {
      note(Gap(missing: "state of some threads", reason: "there are too many"))
    }
  }

  /// Who may not follow the link can tell a namespace by the files of its `net` folder.
  private func recordNamespaceOf(_ process: Int32) throws(KernelError) {
    let failure = try recordLink("/proc/\(process)/ns/net")
    if failure?.isDenied == true { try recordIdentity("/proc/\(process)/net/dev") }
  }

  /// What the descriptors lead to; nil when we were not allowed to list them all.
  private func recordDescriptors(
    of process: Int32
  ) throws(KernelError) -> [Int32: DescriptorTarget]? {
    var found: [Int32: DescriptorTarget] = [:]
    let failure = try attempt { (kernel) throws(KernelError) in
      try kernel.takeDescriptors(ofProcess: process, into: &found)
    }
    let told = Dictionary(grouping: found.keys.sorted()) { found[$0]?.detailed }
    for kind in DescriptorTarget.Detailed.allCases {
      for number in (told[kind] ?? []).prefix(HostRecorderPaths.mostWatchLists) {
        try recordFile("/proc/\(process)/fdinfo/\(number)")
      }
    }
    try recordIdentity("/proc/\(process)/fd")
    return failure?.isDenied == true ? nil : found
  }

  /// The files that say whether the process's control group is frozen, and what it may use of the
  /// processors; once a group.
  private func recordControlGroup(
    of process: Int32, _ files: CgroupFiles
  ) throws(KernelError) {
    try attempt { (kernel) throws(KernelError) in
      let groups = ProcCgroup(try kernel.contents(of: "/proc/\(process)/cgroup"))
      _ = FrozenCgroups(files).isFrozen(groups)
      _ = CPUQuotas(files).quota(of: groups)
    }
  }

  private func recordThreads(
    of process: Int32, _ descriptors: [Int32: DescriptorTarget], _ threads: inout Int
  ) throws(KernelError) {
    let folder = "/proc/\(process)/task"
    var isOnFile = false
    for entry in try recordFolder(folder).prefix(HostRecorderPaths.mostThreadsOfProcess) {
      threads += 1
      guard threads <= HostRecorderPaths.mostThreads else { break }
      for name in HostRecorderPaths.ofThread {
        try recordFile("\(folder)/\(entry.name)/\(name)")
      }
      let call = try recordCall("\(folder)/\(entry.name)", of: process)
      if call?.isOnFile(descriptors) == true { isOnFile = true }
    }
    // Which mount it is on; for every process that would be most of the recording.
    if isOnFile { try recordFile("/proc/\(process)/mountinfo") }
  }

  /// What the arguments of a thread's call point to, as the probe will ask for it: the call is
  /// the one in the recording, not the one that it may be in by now.
  private func recordCall(_ thread: String, of process: Int32) throws(KernelError) -> ThreadCall? {
    let calls = SyscallDecoder(kernel: kernel, architecture: kernel.architecture)
    var place: [UInt8]?
    try attempt { (kernel) throws(KernelError) in
      place = ThreadProbe.place(try kernel.contents(of: "\(thread)/wchan"))
    }
    var call: ThreadCall?
    try attempt { (kernel) throws(KernelError) in
      let text = try kernel.contents(of: "\(thread)/syscall")
      if case .call(let number, let arguments)? = ProcSyscall.decode(text.span) {
        call = calls.call(number, arguments, of: process, sleepingIn: place)
      }
    }
    if call?.beginsAtWorkingFolder == true {
      // Only the link: to ask what it leads to can take for ever on a mount that hangs.
      try attempt { (kernel) throws(KernelError) in
        _ = try kernel.link(at: "/proc/\(process)/cwd")
      }
    }
    return call
  }
}

extension ThreadCall {
  /// It is a call of the file system, or reads or writes a file.
  fileprivate func isOnFile(_ targets: [Int32: DescriptorTarget]) -> Bool {
    name?.kind == .file || (descriptors ?? []).contains { targets[$0.number]?.isFile == true }
  }
}

extension DescriptorTarget {
  /// The kinds of which `fdinfo` says more.
  fileprivate enum Detailed: CaseIterable { case eventPoll, pipe, process }

  fileprivate var detailed: Detailed? {
    switch self {
    case .eventPoll: .eventPoll
    case .pipe: .pipe
    case .process: .process
    default: nil
    }
  }
}
