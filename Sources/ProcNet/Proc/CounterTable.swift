/// One number that the kernel counts, with the kernel's own names.
public struct KernelCounter: Sendable, Hashable {
  /// `TcpExt`, `Tcp`, `UDP6`; without the colon.
  public var group: String
  /// `ListenOverflows`.
  public var name: String
  /// Counters rise from 0 to 2^64 - 1; a few are settings or levels, and `MaxConn` of `Tcp` is -1
  /// for no limit.
  public var value: Int128

  /// A counter by the kernel's own names, the group without its colon.
  public init(group: String, name: String, value: Int128) {
    self.group = group
    self.name = name
    self.value = value
  }
}

/// The counters of one `/proc` file in the kernel's order.
public struct CounterTable: Sendable, Equatable {
  /// Those whose value could be read.
  public var counters: [KernelCounter]
  /// The full names of those whose value is not a number, or missing.
  private(set) var unread: [String] = []

  /// Holds these.
  public init(counters: [KernelCounter] = []) { self.counters = counters }

  /// Adds a counter as it was written.
  mutating func add(_ group: String, _ name: String, _ text: String?) {
    guard let text, let value = Self.number(text) else { return unread.append(group + name) }
    counters.append(KernelCounter(group: group, name: name, value: value))
  }

  /// What a signed or an unsigned number of the kernel's can be.
  private static func number(_ text: String) -> Int128? {
    let least = Int128(Int64.min)
    return Int128(text).flatMap { (least...Int128(UInt64.max)).contains($0) ? $0 : nil }
  }

  /// That some values could not be read.
  public func gap(of path: String) -> Gap? {
    guard let first = unread.first else { return nil }
    let others = unread.count > 1 ? " and \(unread.count - 1) more" : ""
    return Gap(
      .counters, missing: "\(first)\(others) of \(path)", reason: "the value is not a number")
  }

  /// A counter's value; nil when this kernel does not have it.
  public subscript(_ group: String, _ name: String) -> Int128? {
    counters.first { $0.group == group && $0.name == name }?.value
  }
}
