import ProcNet

/// Parents, children and siblings of processes: they may share a listener.
struct Relatives {
  let processList: HostProcesses

  /// Of a shell with more children none is likelier than the others.
  private static let most = 64

  /// Of some processes, without those themselves and without process 1.
  func of(_ processes: Set<Int32>) -> [Int32] {
    let parents = Set(processes.compactMap { processList[$0]?.parent }).subtracting([0, 1])
    let found = processList.processes.filter { stat in
      guard stat.process != 1, !processes.contains(stat.process) else { return false }
      return parents.contains(stat.process) || parents.contains(stat.parent)
        || processes.contains(stat.parent)
    }
    return found.prefix(Self.most).map(\.process)
  }
}

extension HostObservation {
  /// A process that cannot be read probably has this listener open as well: a relative of an owner
  /// with the same name, or one of the user who made the listener when no owner is.
  func hasHiddenRelatives(_ holders: Set<Int32>, of listener: Socket) -> Bool {
    let names = Set(holders.compactMap { processList[$0]?.command })
    let users = Set(holders.compactMap { processes[$0]?.snapshot.uid })
    let maker = listener.uid.flatMap { users.contains($0) ? nil : $0 }
    return Relatives(processList: processList).of(holders).contains { relative in
      guard let snapshot = processes[relative]?.snapshot, snapshot.descriptors == nil else {
        return false
      }
      return names.contains(snapshot.command) || (maker != nil && snapshot.uid == maker)
    }
  }
}
