/// All counters of one network namespace at one moment.
public struct CounterSample: Sendable {
  /// The namespace whose counters they are.
  public let place: NetworkNamespace
  /// In the kernel's order, file by file: `netstat`, `snmp`, `snmp6`, `sockstat`, `sockstat6`.
  public let counters: [KernelCounter]
  /// Whether all that the kernel counts is among them; a gap says what is not.
  public let isComplete: Bool
  /// When they were read, in milliseconds of a clock that nobody sets.
  public let time: UInt64
  /// What tells this namespace from another one at the same place, later; nil when nothing does.
  private let mark: UInt64?

  /// Counters that were read elsewhere, as a test does.
  public init(
    place: NetworkNamespace, counters: [KernelCounter], time: UInt64, mark: UInt64? = nil,
    isComplete: Bool = true
  ) {
    self.isComplete = isComplete
    self.place = place
    self.counters = counters
    self.time = time
    self.mark = mark
  }

  /// Whether both were read in the same namespace, as far as can be told: process numbers, and
  /// with them the folders of other namespaces, are used again.
  public func isSameNamespace(as other: CounterSample) -> Bool {
    guard let mark, let otherMark = other.mark else { return true }
    return mark == otherMark
  }

  /// Files that every kernel has, and those that are missing where there is no IPv6.
  private static let files: [(name: String, isOptional: Bool)] = [
    ("netstat", false), ("snmp", false), ("snmp6", true), ("sockstat", false),
    ("sockstat6", true),
  ]

  /// Reads the counters of a namespace; what could not be read is added to the gaps.
  ///
  /// The time is the moment, for rates. nil when nothing could be read at all.
  public static func read(
    _ place: NetworkNamespace, through kernel: any Kernel, at time: UInt64, gaps: inout [Gap]
  ) -> CounterSample? {
    guard let folder = place.tables else {
      gaps.append(noProcess(place))
      return nil
    }
    var counters: [KernelCounter] = []
    let before = gaps.count
    for file in files {
      do throws(KernelError) {
        let text = try kernel.contents(of: "\(folder)/\(file.name)")
        let table = decode(file.name, text.span)
        counters += table.counters
        if let gap = table.gap(of: "\(folder)/\(file.name)") { gaps.append(gap) }
      } catch {
        if file.isOptional && error.isGone { continue }
        gaps.append(gap(error, kernel))
      }
    }
    guard !counters.isEmpty else { return nil }
    return CounterSample(
      place: place, counters: counters, time: time, mark: mark(of: folder, kernel),
      isComplete: gaps.count == before)
  }

  private static func decode(_ file: String, _ text: Span<UInt8>) -> CounterTable {
    switch file {
    case "netstat": ProcNetNetstat.decode(text)
    case "snmp": ProcNetSnmp.decode(text)
    case "snmp6": ProcNetSnmp6.decode(text)
    default: ProcSockstat.decode(text)
    }
  }

  /// Each namespace has files of its own.
  private static func mark(of folder: String, _ kernel: any Kernel) -> UInt64? {
    do throws(KernelError) {
      return try NamespaceFile(kernel: kernel).fingerprint(ofNetAt: folder)
    } catch {
      return nil
    }
  }

  private static func gap(_ error: KernelError, _ kernel: any Kernel) -> Gap {
    Gap(
      missing: "counters of \(error.subject)", reason: error.reason,
      remedy: kernel.remedy(for: error))
  }

  private static func noProcess(_ place: NetworkNamespace) -> Gap {
    Gap(
      missing: "counters of network namespace \(place.name ?? String(place.inode))",
      reason: "no process lives in it, so it has no /proc",
      remedy: "run sockinspect in it, as with ip netns exec")
  }
}
