/// The part of a recording that tells what processes and threads are doing.
extension HostRecorder {
  func processes() throws(KernelError) -> [Int32] {
    try recordFolder("/proc").compactMap { Int32(procDigits: $0.name.utf8) }
  }

  /// A process that has ended since it was listed is recorded as gone.
  mutating func recordProcesses(_ processes: [Int32]) throws(KernelError) {
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
          missing: "descriptors of \(unlisted) \(unlisted == 1 ? "process" : "processes")",
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
      try kernel.walkDescriptors(ofProcess: process) { number, link in
        found[number] = DescriptorTarget(link: link)
      }
    }
    // What threads hold on their own is read from where it is.
    try attempt { (kernel) throws(KernelError) in
      for thread in try kernel.threadsWithOwnDescriptors(ofProcess: process) {
        try kernel.walkDescriptors(ofProcess: thread) { number, link in
          if found[number] == nil { found[number] = DescriptorTarget(link: link) }
        }
      }
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
    let calls = CallReader(kernel: kernel, architecture: kernel.architecture)
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
