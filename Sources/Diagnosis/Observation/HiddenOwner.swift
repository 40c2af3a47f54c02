import ProcNet

/// Who may hold a listener whose holder is not for us to see: what everybody may read points to a
/// user and a control group, and to the processes there.
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

    /// Stopped, traced or frozen: it serves nobody, whatever it holds.
    public var isHalted: Bool {
      isFrozen || state == UInt8(ascii: "T") || state == UInt8(ascii: "t")
    }
  }

  public var halted: [Candidate] { candidates.filter(\.isHalted) }

  /// It is one of these for certain enough to be told as the cause: a service's own group, of which
  /// no process could run.
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
  private let groups: ControlGroups
  private let users: Users

  private struct Known {
    var candidate: HiddenOwner.Candidate
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
      let candidate = HiddenOwner.Candidate(
        process: ProcessName(process: stat.process, command: stat.command), state: stat.state,
        isFrozen: found.isFrozen == true)
      return Known(candidate: candidate, uid: found.uid, group: found.controlGroup)
    }
  }

  /// nil when there is nobody whom we may not look into.
  ///
  /// - Parameter hidesProcesses: There are processes that do not even show.
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
