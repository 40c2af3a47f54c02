/// Every process of a host, from one file each: enough to find stopped ones, parents and children.
public struct HostProcesses: Sendable {
  /// Ascending by number, without threads of the kernel and without ended processes.
  public private(set) var processes: [ProcStat] = []
  /// Ended processes that their parent has not waited for.
  private(set) var zombies = 0
  /// Why there may be more processes than these.
  public private(set) var gaps: [Gap] = []

  /// Knows of no process.
  public init() {}

  /// The numbers of the processes that `/proc` shows, ascending.
  static func numbers(through kernel: any Kernel) throws(KernelError) -> [Int32] {
    try kernel.entries(of: "/proc").compactMap { Int32(procDigits: $0.name.utf8) }.sorted()
  }

  /// About 10 µs per process on a live host. A process that ends meanwhile is left out.
  public static func scan(through kernel: any Kernel) throws(KernelError) -> HostProcesses {
    let numbers = try HostProcesses.numbers(through: kernel)
    var host = HostProcesses()
    for number in numbers {
      guard let stat = ProcFile("/proc/\(number)/stat", kernel).text.flatMap({ ProcStat($0) }),
        !stat.isKernelThread
      else { continue }
      host.take(stat)
    }
    host.gaps =
      ProcessAccess(kernel: kernel)
      .hidden(.owners, "processes of other users", numbers).map { [$0] } ?? []
    return host
  }

  private mutating func take(_ stat: ProcStat) {
    if stat.isZombie && stat.threads <= 1 { zombies += 1 } else { processes.append(stat) }
  }

  /// The process with a number; nil when it was not among those that were read.
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

  /// Those whose parent is this one, ascending by number.
  public func children(of process: Int32) -> [ProcStat] {
    processes.filter { $0.parent == process }
  }

  /// Stopped by a signal (`T`) or held by a debugger (`t`).
  public var stopped: [ProcStat] {
    processes.filter { $0.state == UInt8(ascii: "T") || $0.state == UInt8(ascii: "t") }
  }
}

/// How far we may look into the processes of others.
struct ProcessAccess {
  let kernel: any Kernel

  /// Process 1 is in every `/proc` unless processes are hidden from us; `hidepid=1` hides none,
  /// it denies.
  func hidden(_ kind: Gap.Kind, _ missing: String, _ processes: [Int32]) -> Gap? {
    guard processes.first != 1, let mounts = text("/proc/self/mounts").map(ProcMounts.init),
      let mount = mounts.mounts.last(where: { $0.folder.elementsEqual("/proc".utf8) }),
      let option = mount.option("hidepid"), !option.elementsEqual("0".utf8),
      !option.elementsEqual("off".utf8)
    else { return nil }
    return Gap(
      kind, missing: missing,
      reason: "/proc hides them (hidepid=\(String(rawBytes: option)))",
      remedy: remedyForDenial)
  }

  /// Root in a container without the capability would be ill advised to become root; for root
  /// with it there is nothing to advise: a security module or another user namespace says no.
  var remedyForDenial: String? {
    guard isRoot else { return "run as root" }
    return status?.mayInspectOthers == false ? "run with the capability CAP_SYS_PTRACE" : nil
  }

  private var status: ProcStatus? { text("/proc/self/status").map(ProcStatus.init) }

  /// What `/proc` tells of us, else what the kernel is asked as.
  var isRoot: Bool { status.map { $0.effectiveUser == 0 } ?? kernel.isRoot }

  private func text(_ path: String) -> [UInt8]? { try? kernel.contents(of: path) }
}
