/// The part of a probe that is about the process as a whole.
extension ProcessProbe {
  /// Zero bytes end the arguments, and often many more of them fill what a program that rewrote
  /// its line has left over.
  func takeCommandLine(into snapshot: inout ProcessSnapshot) {
    let file = file("cmdline", of: snapshot.process, limit: Self.longestCommandLine)
    guard var line = file.text else { return }
    while let last = line.last, last == 0 || last == 32 { line.removeLast() }
    snapshot.commandLine = line.map { $0 == 0 ? 32 : $0 }
  }

  func takeLimits(into snapshot: inout ProcessSnapshot) {
    snapshot.openFilesLimit = file("limits", of: snapshot.process).text
      .flatMap { ProcLimits.decode($0.span)?.softOpenFiles }
    // Before Linux 6.2 the size was always 0, which says nothing.
    let size = (try? kernel.identity(of: "/proc/\(snapshot.process)/fd"))?.size
    snapshot.openFiles = size.flatMap { $0 > 0 ? $0 : nil }
  }

  func takeControlGroup(into snapshot: inout ProcessSnapshot) {
    guard let text = file("cgroup", of: snapshot.process).text else { return }
    let found = ProcCgroup(text)
    snapshot.controlGroup = found.path
    snapshot.isFrozen = groups.isFrozen(found)
    snapshot.cpuQuota = quotas.quota(of: found)
  }

  /// Of threads with tables of their own what does not contradict the main thread's: when that
  /// one has exited, everything.
  func takeDescriptors(into snapshot: inout ProcessSnapshot) {
    var found: [Int32: DescriptorTarget] = [:]
    let threads = (try? kernel.threadsWithOwnDescriptors(ofProcess: snapshot.process)) ?? []
    do throws(KernelError) {
      for table in [snapshot.process] + threads {
        try kernel.walkDescriptors(ofProcess: table) { number, link in
          if found[number] == nil { found[number] = DescriptorTarget(link: link) }
        }
      }
      snapshot.descriptors = found
    } catch {}
  }

  func takeWatchLists(into snapshot: inout ProcessSnapshot) {
    for number in Self.descriptors(.eventPoll, of: snapshot) {
      guard let info = info(number, of: snapshot.process) else { continue }
      snapshot.watchLists[number] = info.watched
    }
    for number in Self.descriptors(.process, of: snapshot) {
      snapshot.processDescriptors[number] = info(number, of: snapshot.process)?.process
    }
  }

  private static func descriptors(
    _ target: DescriptorTarget, of snapshot: ProcessSnapshot
  ) -> ArraySlice<Int32> {
    (snapshot.descriptors ?? [:]).filter { $0.value == target }.keys.sorted()
      .prefix(mostWatchLists)
  }

  private func info(_ descriptor: Int32, of process: Int32) -> ProcFdinfo? {
    file("fdinfo/\(descriptor)", of: process, limit: 1 << 26).text
      .map { ProcFdinfo.decode($0.span) }
  }
}
