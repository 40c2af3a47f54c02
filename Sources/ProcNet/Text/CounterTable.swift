/// One number that the kernel counts, with the kernel's own names.
public struct KernelCounter: Sendable, Hashable {
  /// `TcpExt`, `Tcp`, `UDP6`; without the colon.
  public var group: String
  /// `ListenOverflows`.
  public var name: String
  /// Counters rise from 0; a few are settings or levels, and `MaxConn` of `Tcp` is -1 for no limit.
  public var value: Int64

  public init(group: String, name: String, value: Int64) {
    self.group = group
    self.name = name
    self.value = value
  }
}

/// The counters of one `/proc` file in the kernel's order.
public struct CounterTable: Sendable, Equatable {
  public var counters: [KernelCounter]

  public init(counters: [KernelCounter] = []) { self.counters = counters }

  /// A counter's value; nil when this kernel does not have it.
  public subscript(_ group: String, _ name: String) -> Int64? {
    counters.first { $0.group == group && $0.name == name }?.value
  }
}
