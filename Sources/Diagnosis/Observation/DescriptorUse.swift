import ProcNet

/// Processes that have nearly as many files open as they may.
///
/// Costs one `stat` per process; limits and descriptors are read only of those that stand out.
public struct DescriptorUse: Sendable {
  /// How a process uses its descriptors.
  public struct Use: Sendable {
    public var process: ProcessName
    public var open: Int64
    public var limit: UInt64
    /// How many of them are sockets; nil where that cannot be read.
    public var sockets: Int?

    /// Programs that lock themselves in set a limit of 0 or a few on purpose.
    private static let leastLimit: UInt64 = 16
    /// Per cent.
    private static let highShare = 90

    /// Near the limit, or at it.
    public var isHigh: Bool {
      limit >= Self.leastLimit && open.percent(of: limit) >= Self.highShare
    }
  }

  public private(set) var uses: [Use] = []

  /// The limit of a process with fewer open files is not read: hardly any server has one so low,
  /// and suspicious processes are read anyway.
  static let fewest: Int64 = 200

  public init() {}

  init(_ host: HostProcesses, _ looked: [Int32: ObservedProcess], through kernel: any Kernel) {
    let probe = ProcessProbe(through: kernel)
    for stat in host.processes {
      guard let use = Self.use(stat, looked[stat.process], probe, kernel), use.isHigh else {
        continue
      }
      uses.append(Self.counted(use, looked[stat.process], kernel))
    }
  }

  private static func use(
    _ stat: ProcStat, _ looked: ObservedProcess?, _ probe: ProcessProbe, _ kernel: any Kernel
  ) -> Use? {
    let snapshot: ProcessSnapshot
    if let looked {
      snapshot = looked.snapshot
    } else {
      guard let size = (try? kernel.identity(of: "/proc/\(stat.process)/fd"))?.size,
        size >= fewest, let found = probe.probe(stat.process, wanting: .limits)
      else { return nil }
      snapshot = found
    }
    guard let open = snapshot.openFiles, case .count(let limit)? = snapshot.openFilesLimit else {
      return nil
    }
    let name = ProcessName(process: stat.process, command: stat.command)
    return Use(process: name, open: open, limit: limit, sockets: nil)
  }

  private static func counted(
    _ use: Use, _ looked: ObservedProcess?, _ kernel: any Kernel
  ) -> Use {
    let probe = ProcessProbe(through: kernel)
    let descriptors =
      looked?.snapshot.descriptors
      ?? probe.probe(use.process.process, wanting: .descriptors)?.descriptors
    var counted = use
    counted.sockets = descriptors?.values.count {
      if case .socket = $0 { true } else { false }
    }
    return counted
  }
}
