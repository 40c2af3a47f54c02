import ProcNet

/// The possible owners of a listener whose owner cannot be seen: what any user may read points to
/// a user and a cgroup, and to the processes there.
public struct HiddenOwner: Sendable {
  public var uid: UInt32?
  public var user: [UInt8]?
  /// Below the mount; nil for the root and for groups out of view.
  public var group: [UInt8]?
  public var candidates: [Candidate]

  public struct Candidate: Sendable {
    public var process: ProcessName
    public var state: UInt8
    public var isFrozen: Bool

    /// Stopped, traced or frozen: it serves no client.
    public var isHalted: Bool {
      isFrozen || state == UInt8(ascii: "T") || state == UInt8(ascii: "t")
    }
  }

  public var halted: [Candidate] { candidates.filter(\.isHalted) }

  /// The owner is almost certainly one of these: they are a service's own cgroup, and none of them
  /// can run.
  public var isHaltedAsAWhole: Bool {
    group != nil && !candidates.isEmpty && candidates.allSatisfy(\.isHalted)
  }

  /// More candidates than these narrow nothing down.
  static let mostNamed = 8
}

/// Finds the processes that may own a listener whose owner cannot be seen.
///
/// Costs three small files per process, and is done only when such a listener is in trouble.
struct HiddenOwnerSearch {
  private let processes: [Known]
  private let groups: Cgroups
  private let users: Users

  private struct Known {
    var candidate: HiddenOwner.Candidate
    var uid: UInt32?
    var group: [UInt8]?
  }

  init(_ host: HostProcesses, through kernel: any Kernel) {
    let probe = ProcessProbe(through: kernel)
    groups = Cgroups(through: kernel)
    users = Users(through: kernel)
    processes = host.processes.compactMap { stat in
      guard Self.isDenied(stat.process, kernel),
        let found = probe.probe(stat.process, wanting: .controlGroup)
      else { return nil }
      let candidate = HiddenOwner.Candidate(
        process: ProcessName(process: stat.process, command: stat.command), state: stat.state,
        isFrozen: found.isFrozen == true)
      return Known(candidate: candidate, uid: found.uid, group: found.controlGroup)
    }
  }

  /// nil when all processes can be read.
  ///
  /// - Parameter hidesProcesses: There are processes that are not even listed.
  func holder(of listener: borrowing Socket, hidesProcesses: Bool) -> HiddenOwner? {
    guard !processes.isEmpty || hidesProcesses else { return nil }
    let path = listener.details?.cgroupID.flatMap { groups.path(of: $0) }
    let group = path == [UInt8(ascii: "/")] ? nil : path
    let uid = listener.uid
    let found = processes.filter { known in
      group.map { known.group == $0 } ?? (uid == nil || known.uid == uid)
    }
    return HiddenOwner(
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
