/// The part of a recording that tells what processes and threads are doing.
extension HostRecorder {
  func processes() throws(KernelError) -> [Int32] {
    try recordFolder("/proc").compactMap { Int32(procDigits: $0.name.utf8) }
  }

  /// A process that has ended since it was listed is recorded as gone.
  mutating func recordProcesses(_ processes: [Int32]) throws(KernelError) {
    var threads = 0
    var unlisted = 0
    let groups = FrozenGroups(through: kernel)
    for process in processes {
      for name in HostRecorderPaths.ofProcess { try recordFile("/proc/\(process)/\(name)") }
      try recordNamespaceOf(process)
      try recordFrozen(process, groups)
      if try recordDescriptors(of: process) { unlisted += 1 }
      try recordThreads(of: process, &threads)
    }
    if unlisted > 0 {
      note(
        Gap(
          missing: "descriptors of \(unlisted) \(unlisted == 1 ? "process" : "processes")",
          reason: "permission denied", remedy: "record as root"))
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

  /// Answers whether we were not allowed to.
  private func recordDescriptors(of process: Int32) throws(KernelError) -> Bool {
    var watching: [Int32] = []
    var pipes: [Int32] = []
    let failure = try attempt { (kernel) throws(KernelError) in
      try kernel.walkDescriptors(ofProcess: process) { number, link in
        switch DescriptorTarget(link: link) {
        case .eventPoll: watching.append(number)
        case .pipe: pipes.append(number)
        default: break
        }
      }
    }
    let most = HostRecorderPaths.mostWatchLists
    for number in watching.prefix(most) + pipes.prefix(most) {
      try recordFile("/proc/\(process)/fdinfo/\(number)")
    }
    try recordIdentity("/proc/\(process)/fd")
    return failure?.isDenied == true
  }

  /// The file that says whether the process's control group is frozen, once a group.
  private func recordFrozen(_ process: Int32, _ groups: FrozenGroups) throws(KernelError) {
    try attempt { (kernel) throws(KernelError) in
      _ = groups.isFrozen(ProcCgroup(try kernel.contents(of: "/proc/\(process)/cgroup")))
    }
  }

  private func recordThreads(of process: Int32, _ threads: inout Int) throws(KernelError) {
    let folder = "/proc/\(process)/task"
    for entry in try recordFolder(folder).prefix(HostRecorderPaths.mostThreadsOfProcess) {
      threads += 1
      guard threads <= HostRecorderPaths.mostThreads else { return }
      for name in HostRecorderPaths.ofThread {
        try recordFile("\(folder)/\(entry.name)/\(name)")
      }
      try recordCall("\(folder)/\(entry.name)", of: process)
    }
  }

  /// What the arguments of a thread's call point to, as the probe will ask for it: the call is
  /// the one in the recording, not the one that it may be in by now.
  private func recordCall(_ thread: String, of process: Int32) throws(KernelError) {
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
    guard let call, call.beginsAtWorkingFolder else { return }
    // Only the link: to ask what it leads to can take for ever on a mount that hangs.
    try attempt { (kernel) throws(KernelError) in
      _ = try kernel.link(at: "/proc/\(process)/cwd")
    }
  }
}
