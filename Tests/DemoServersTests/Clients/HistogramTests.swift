import DemoServers
import Foundation
import TestSupport
import Testing

@Suite("A histogram answers what sorting would")
struct HistogramTests {
  @Test(
    "percentiles of any durations are within one per cent of the sorted ones",
    arguments: SeededRandom.seeds(40))
  func percentilesAgainstSorting(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let durations = Self.durations(&random)
    var histogram = Histogram()
    for duration in durations { histogram.record(duration) }
    let sorted = durations.sorted()
    #expect(histogram.count == UInt64(sorted.count), "SEED=\(seed)")
    #expect(histogram.least == sorted.first && histogram.most == sorted.last, "SEED=\(seed)")
    for percent in [1, 10, 50, 75, 90, 99, 100] as [UInt64] {
      let exact = Self.percentile(percent, of: sorted)
      let ours = try #require(histogram.percentile(percent))
      let error = abs(Double(ours) - Double(exact))
      #expect(error <= Double(exact) * 0.01, "\(percent) %: \(ours), not \(exact); SEED=\(seed)")
    }
  }

  @Test("up to 511 ns every duration is exact")
  func smallOnesAreExact() {
    for duration in 0...511 as ClosedRange<UInt64> {
      var histogram = Histogram()
      // Between two others, so that neither the least nor the most answers.
      histogram.record(0)
      histogram.record(duration)
      histogram.record(1_000_000)
      #expect(histogram.percentile(50) == duration)
    }
  }

  @Test("an empty one knows nothing, which is not zero")
  func empty() {
    let histogram = Histogram()
    #expect(histogram.percentile(50) == nil && histogram.least == nil && histogram.most == nil)
  }

  @Test("one duration is every percentile, even the longest there is", arguments: [0, 7, .max])
  func single(_ duration: UInt64) {
    var histogram = Histogram()
    histogram.record(duration)
    for percent in [0, 1, 50, 100, 1000] as [UInt64] {
      #expect(histogram.percentile(percent) == duration)
    }
  }

  @Test("percentiles never sink as they rise", arguments: SeededRandom.seeds(10))
  func monotonic(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var histogram = Histogram()
    for duration in Self.durations(&random) { histogram.record(duration) }
    let all = (0...100 as ClosedRange<UInt64>).compactMap { histogram.percentile($0) }
    #expect(all == all.sorted(), "SEED=\(seed)")
  }

  /// From one to some thousand durations, spread over a random number of powers of two.
  private static func durations(_ random: inout SeededRandom) -> [UInt64] {
    let width = UInt64.random(in: 1...63, using: &random)
    return (0..<Int.random(in: 1...5000, using: &random)).map { _ in
      let power = UInt64.random(in: 0...width, using: &random)
      return random.next() >> (63 - power)
    }
  }

  /// Nearest rank: the smallest that so many per cent do not exceed.
  private static func percentile(_ percent: UInt64, of sorted: [UInt64]) -> UInt64 {
    let rank = (Double(percent) / 100 * Double(sorted.count)).rounded(.up)
    return sorted[max(Int(rank), 1) - 1]
  }
}
