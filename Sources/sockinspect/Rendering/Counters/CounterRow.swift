import Diagnosis
import ProcNet

/// A counter with what it did between two looks, and what it means.
struct CounterRow {
  let counter: KernelCounter
  let place: NetworkNamespace
  let description: CounterDescription?
  let change: CounterChange?

  init(_ counter: KernelCounter, in place: NetworkNamespace, change: CounterChange? = nil) {
    self.counter = counter
    self.place = place
    description = CounterDictionary.description(of: counter.group, counter.name)
    self.change = change
  }

  /// What is not in the dictionary is taken for what nearly all of them are.
  var kind: CounterDescription.Kind { description?.kind ?? .counter }

  /// One line without markup; of one that is not known that it is not.
  var meaning: String {
    guard let description else { return "not known to this version of sockinspect" }
    return Prose(description.raised).plain
  }

  /// What changed; nil for settings, and where a counter went backwards.
  var delta: Int128? {
    guard let change, kind != .setting, !wentBack else { return nil }
    return change.delta
  }

  /// Counters only: of a level, so many more per second says nothing.
  var rate: EventRate? {
    guard kind == .counter, let delta, let change else { return nil }
    return EventRate(events: UInt64(clamping: delta), interval: change.interval)
  }

  /// A counter that fell: the kernel's number wrapped, or it is another namespace's.
  var wentBack: Bool { kind == .counter && (change.map { $0.delta < 0 } ?? false) }
}

/// What a counter did between two looks.
struct CounterChange: Equatable {
  let delta: Int128
  /// Milliseconds; at least 1.
  let interval: UInt64
}

/// So many events in so many milliseconds.
struct EventRate: Equatable {
  let events: UInt64
  let interval: UInt64

  /// Events per second with up to six significant digits.
  func append(to writer: inout ByteWriter) {
    if let product = events.product(1000) {
      NumberText.append(product, over: max(interval, 1), to: &writer)
    } else {
      writer.append("\(events.scaled(by: 1000, over: max(interval, 1)))")
    }
  }

  var perSecond: Double { Double(events) * 1000 / Double(max(interval, 1)) }
}
