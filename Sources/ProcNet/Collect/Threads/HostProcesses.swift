/// Every process of a host, from one file each: enough to find stopped ones, parents and children.
public struct HostProcesses: Sendable {
  /// Ascending by number, without threads of the kernel and without ended processes.
  public private(set) var processes: [ProcStat] = []
  /// Ended processes that their parent has not waited for.
  public private(set) var zombies = 0
  /// Why there may be more processes than these.
  public private(set) var gaps: [Gap] = []

  /// Some 10 ms for 200 processes on a live host. A process that ends meanwhile is left out.
  public static func scan(through kernel: any Kernel) throws(KernelError) -> HostProcesses {
    let numbers = try OwnerIndexProcesses.read(through: kernel)
    var host = HostProcesses()
    for number in numbers {
      guard let stat = ProcFile("/proc/\(number)/stat", kernel).text.flatMap({ ProcStat($0) }),
        !stat.isKernelThread
      else { continue }
      host.take(stat)
    }
    host.gaps =
      OwnerIndexGaps(kernel: kernel)
      .hidden("processes of other users", numbers).map { [$0] } ?? []
    return host
  }

  private mutating func take(_ stat: ProcStat) {
    if stat.isZombie && stat.threads <= 1 { zombies += 1 } else { processes.append(stat) }
  }

  public subscript(process: Int32) -> ProcStat? {
    var range = processes.indices
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      if processes[middle].process == process { return processes[middle] }
      range =
        processes[middle].process < process
        ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return nil
  }

  public func children(of process: Int32) -> [ProcStat] {
    processes.filter { $0.parent == process }
  }

  /// Stopped by a signal (`T`) or held by a debugger (`t`).
  public var stopped: [ProcStat] {
    processes.filter { $0.state == UInt8(ascii: "T") || $0.state == UInt8(ascii: "t") }
  }
}
