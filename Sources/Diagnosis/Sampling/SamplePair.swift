import ProcNet

/// When an investigation samples: twice at a live host with a pause between, or at the moments that
/// a recording holds.
public struct SamplePair: Sendable {
  /// What answers at the first look and at the second; the same on a live host.
  public var first: any Kernel
  public var second: any Kernel
  /// Milliseconds between the samples; nil when there is but one.
  public var interval: UInt64?
  /// Whether the time between them has still to pass.
  public var isLive: Bool

  public init(live kernel: any Kernel, interval: UInt64) {
    (first, second, self.interval, isLive) = (kernel, kernel, interval, true)
  }

  /// The moments of a recording; both the same, and no interval, where it holds only one.
  public init(recorded first: any Kernel, _ second: any Kernel, interval: UInt64?) {
    (self.first, self.second, self.interval, isLive) = (first, second, interval, false)
  }

  /// Lets the time between two samples pass.
  func wait() {
    if isLive, let interval { Ourselves.pause(milliseconds: interval) }
  }
}

/// What is sampled, and through what.
public struct SamplingScope {
  public var places: [NamespacePlace]
  public var source: any SocketSource
  public var moments: SamplePair

  public init(places: [NamespacePlace], source: any SocketSource, moments: SamplePair) {
    self.places = places
    self.source = source
    self.moments = moments
  }
}
