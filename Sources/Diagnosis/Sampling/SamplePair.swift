import ProcNet

/// When a diagnosis samples: a host with a pause between, or at the moments that a recording holds.
public struct SamplePair: Sendable {
  /// What answers for the first sample and for the second; the same on a live host.
  public var first: any Kernel
  public var second: any Kernel
  /// Milliseconds between the samples; nil when there is but one.
  public var interval: UInt64?
  /// Whether the kernel lets the time between them pass: a live host, or a recorded diagnosis,
  /// which goes on to its next moment instead.
  public var isLive: Bool

  /// A live host, or a recorded diagnosis that is repeated.
  public init(live kernel: any Kernel, interval: UInt64) {
    (first, second, self.interval, isLive) = (kernel, kernel, interval, true)
  }

  /// The moments of a recording; both the same, and no interval, where it holds only one.
  public init(recorded first: any Kernel, _ second: any Kernel, interval: UInt64?) {
    (self.first, self.second, self.interval, isLive) = (first, second, interval, false)
  }

  /// Lets the time between two samples pass.
  func wait() {
    if isLive, let interval { first.pause(milliseconds: interval) }
  }
}

/// What is sampled, and through what.
public struct SamplingScope {
  public var places: [NetworkNamespace]
  public var source: any SocketSource
  public var moments: SamplePair

  public init(places: [NetworkNamespace], source: any SocketSource, moments: SamplePair) {
    self.places = places
    self.source = source
    self.moments = moments
  }
}
