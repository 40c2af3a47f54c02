import ProcNet

/// A process in both samples.
public struct ObservedProcess: Sendable {
  public var snapshot: ProcessSnapshot
  public var threads: [ObservedThread]
  /// Inode → the lowest descriptor that leads to it.
  public var sockets: [UInt32: Int32]
  /// Inodes that its epoll instances watch for something to read or accept, whether or not a thread
  /// waits in them, and the instances' descriptors.
  public var watched: [UInt32: Int32]

  /// Microseconds between the samples in which its group was held back by its CPU quota.
  public var throttled: UInt64?

  struct Samples {
    var now: ProcessSnapshot
    var before: ProcessSnapshot?
  }

  init(_ now: ProcessSnapshot, before: ProcessSnapshot?) {
    // If another process has the number now, the earlier sample is not about this one.
    let same = before?.startTicks == now.startTicks ? before : nil
    let samples = Samples(now: now, before: same)
    snapshot = now
    let old = Dictionary(
      (same?.threads ?? []).map { ($0.thread, $0) }, uniquingKeysWith: { first, _ in first })
    threads = now.threads.map { ObservedThread($0, old[$0.thread], samples) }
    sockets = Self.sockets(now)
    throttled = same?.cpuQuota?.throttledTime.flatMap { old in
      now.cpuQuota?.throttledTime.map { $0 -| old }
    }
    watched = Self.watched(now)
  }

  public var process: Int32 { snapshot.process }
  public var name: ProcessName { ProcessName(process: process, command: snapshot.command) }

  /// Stopped, traced or frozen as a whole.
  public var isHalted: Bool { !threads.isEmpty && threads.allSatisfy(\.wait.isHalted) }
  /// Stopped at a terminal, as Ctrl-Z does: a person did that and can continue it.
  var isSuspended: Bool {
    snapshot.hasTerminal && !threads.isEmpty && threads.allSatisfy { $0.wait.kind == .stopped }
  }
  /// What its threads do cannot be read.
  public var isOpaque: Bool { snapshot.isOpaque }

  private static func sockets(_ process: ProcessSnapshot) -> [UInt32: Int32] {
    var found: [UInt32: Int32] = [:]
    for (descriptor, target) in process.descriptors ?? [:] {
      guard case .socket(let inode) = target else { continue }
      found[inode] = min(found[inode] ?? .max, descriptor)
    }
    return found
  }

  private static func watched(_ process: ProcessSnapshot) -> [UInt32: Int32] {
    var found: [UInt32: Int32] = [:]
    for (epoll, members) in process.watchLists {
      // Without EPOLLIN it stays in the set and wakes no thread: some servers pause like this.
      for member in members where member.forReading {
        if let inode = member.inode {
          found[UInt32(truncatingIfNeeded: inode)] = epoll
        } else if case .socket(let inode)? = process.descriptors?[member.descriptor] {
          found[inode] = epoll
        }
      }
    }
    return found
  }
}
