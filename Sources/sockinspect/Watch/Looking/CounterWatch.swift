import ProcNet

/// The watched counters, summed over the network namespaces in view, read again and again.
struct CounterWatch {
  struct Row {
    let counter: WatchedCounter
    let value: UInt64
    /// How much it rose since the look before; nil when there was none.
    let rise: UInt64?
    /// Milliseconds since the look before.
    let interval: UInt64

    var tenthsPerSecond: UInt64? {
      rise.map { rise in
        let tenths = Int128(rise) * 10_000 + Int128(interval / 2)
        return UInt64(clamping: tenths / Int128(max(interval, 1)))
      }
    }
  }

  private var before: [String: UInt64] = [:]
  private var last: UInt64?
  /// Counters that this kernel does not have are left out.
  private(set) var rows: [Row] = []
  private(set) var gaps: [Gap] = []
  private(set) var history = HistoryStore<String>()

  mutating func look(
    in places: [NetworkNamespace], through kernel: any Kernel, at moment: UInt64
  ) {
    gaps = []
    var sums: [String: UInt64] = [:]
    for place in places { add(place, kernel, &sums) }
    let interval = last.map { moment - min($0, moment) } ?? 0
    rows = WatchedCounter.all.compactMap { counter in
      guard let value = sums[counter.name] else { return nil }
      // A namespace that goes takes its counters along.
      let rise = before[counter.name].map { value -| $0 }
      return Row(counter: counter, value: value, rise: rise, interval: interval)
    }
    before = sums
    last = moment
    history.record(
      rows.compactMap { row in
        guard let rise = row.rise else { return nil }
        let isMarked = row.counter.isLoss && rise > 0
        return (row.counter.name, History.Moment(time: moment, value: rise, isMarked: isMarked))
      })
  }

  private mutating func add(
    _ place: NetworkNamespace, _ kernel: any Kernel, _ sums: inout [String: UInt64]
  ) {
    guard let folder = place.tables else { return }
    for file in ["snmp", "netstat"] {
      do throws(KernelError) {
        let text = try kernel.contents(of: "\(folder)/\(file)")
        let table =
          file == "snmp" ? ProcNetSnmp.decode(text.span) : ProcNetNetstat.decode(text.span)
        add(table.counters, &sums)
        if let gap = table.gap(of: "\(folder)/\(file)") { gaps.append(gap) }
      } catch {
        gaps.append(Gap(missing: "counters of \(folder)/\(file)", reason: error.reason))
      }
    }
  }

  private func add(_ counters: [KernelCounter], _ sums: inout [String: UInt64]) {
    for counter in counters where WatchedCounter.groups[counter.name] == counter.group {
      let sum = Int128(sums[counter.name] ?? 0) + counter.value
      sums[counter.name] = UInt64(clamping: sum)
    }
  }
}

extension WatchedCounter {
  /// The group of each counter by its name.
  static let groups = Dictionary(all.map { ($0.name, $0.group) }) { first, _ in first }
}
