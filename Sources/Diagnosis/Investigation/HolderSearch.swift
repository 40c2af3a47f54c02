import ProcNet

/// Looks for who may hold listeners that nobody we may look into holds.
///
/// Costs three small files per process, and is done only when such a listener is in trouble.
struct HolderSearch {
  private let processes: [Known]
  private let groups: ControlGroups
  private let users: Users

  private struct Known {
    var candidate: UnseenHolder.Candidate
    var uid: UInt32?
    var group: [UInt8]?
  }

  init(_ host: HostProcesses, through kernel: any Kernel) {
    let probe = ProcessProbe(through: kernel)
    groups = ControlGroups(through: kernel)
    users = Users(through: kernel)
    processes = host.processes.compactMap { stat in
      guard Self.isDenied(stat.process, kernel),
        let found = probe.probe(stat.process, wanting: .controlGroup)
      else { return nil }
      let candidate = UnseenHolder.Candidate(
        process: ProcessName(process: stat.process, command: stat.command), state: stat.state,
        isFrozen: found.isFrozen == true)
      return Known(candidate: candidate, uid: found.uid, group: found.controlGroup)
    }
  }

  /// nil when there is nobody whom we may not look into.
  ///
  /// - Parameter hidesProcesses: There are processes that do not even show.
  func holder(of listener: borrowing Socket, hidesProcesses: Bool) -> UnseenHolder? {
    guard !processes.isEmpty || hidesProcesses else { return nil }
    let path = listener.details?.cgroupID.flatMap { groups.path(of: $0) }
    let group = path == [UInt8(ascii: "/")] ? nil : path
    let uid = listener.uid
    let found = processes.filter { known in
      group.map { known.group == $0 } ?? (uid == nil || known.uid == uid)
    }
    return UnseenHolder(
      uid: uid, user: uid.flatMap { users.name(of: $0) }, group: group,
      candidates: found.map(\.candidate))
  }

  private static func isDenied(_ process: Int32, _ kernel: any Kernel) -> Bool {
    do throws(KernelError) {
      try kernel.walkDescriptors(ofProcess: process) { _, _ in }
      return false
    } catch {
      return error.isDenied
    }
  }
}
