/// Records a host: asks everything that any command asks, so that a recording answers them all.
///
/// It interprets nothing but what it needs to go on: whatever passes the `RecordingKernel` is in
/// the recording, failures included.
public struct HostRecorder {
  let kernel: RecordingKernel
  private let writer: RecordingWriter
  private(set) var gaps: [Gap] = []

  /// Records what the kernel says into the writer, which the caller then finishes.
  ///
  /// - Parameter namespaces: Finds the network namespaces to record through the kernel that it
  ///   is given, so that what it reads is in the recording as well.
  /// - Parameter samples: At how many moments; each begins this many milliseconds after the one
  ///   before, or as soon as that one is complete.
  /// - Parameter pause: Waits, in milliseconds, before another sample; false when there is to be
  ///   none.
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

  mutating func note(_ gap: Gap) { gaps.append(gap) }

  /// Asks something and answers why that failed; throws only when the recording cannot go on.
  @discardableResult
  func attempt(
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
  func recordFile(_ path: String) throws(KernelError) -> KernelError? {
    try attempt { (kernel) throws(KernelError) in
      try kernel.read(path) { (_) throws(KernelError) in }
    }
  }

  /// The link and what it leads to, as for a file that stands for a namespace. Answers why the
  /// link could not be read.
  @discardableResult
  func recordLink(_ path: String) throws(KernelError) -> KernelError? {
    try recordIdentity(path)
    return try attempt { (kernel) throws(KernelError) in _ = try kernel.link(at: path) }
  }

  func recordIdentity(_ path: String) throws(KernelError) {
    try attempt { (kernel) throws(KernelError) in _ = try kernel.identity(of: path) }
  }

  /// The entries of a folder; none when it cannot be listed.
  func recordFolder(_ path: String) throws(KernelError) -> [FolderEntry] {
    var entries: [FolderEntry] = []
    try attempt { (kernel) throws(KernelError) in entries = try kernel.entries(of: path) }
    return entries
  }

  private func recordHost() throws(KernelError) {
    for path in HostRecorderPaths.files { try recordFile(path) }
    for path in HostRecorderPaths.links { try recordLink(path) }
    for folder in HostRecorderPaths.namespaceFolders {
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
}
