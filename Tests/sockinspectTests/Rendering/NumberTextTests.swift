import Foundation
import ProcNet
import TestSupport
import Testing

@testable import sockinspect

/// Values for which `printf` and exact arithmetic must agree: the fraction is not so near to a
/// tie that binary floating point rounds another way than decimals do.
@Suite struct NumberTextTests {
  private static func ours(_ numerator: UInt64, _ denominator: UInt64) -> String {
    written { NumberText.append(numerator, over: denominator, to: &$0) }
  }

  @Test(
    "six significant digits, no zeros at the end",
    arguments: [
      (0, 1000, "0"), (1, 1000, "0.001"), (44, 1000, "0.044"), (1000, 1000, "1"),
      (1500, 1000, "1.5"), (204_000, 1000, "204"), (16_123, 1000, "16.123"),
      (123_456_789, 1000, "123457"), (999_999_900, 1000, "1000000"), (739, 256, "2.88672"),
      (9_999_999, 1_000_000, "10"), (1, 3, "0.333333"), (UInt64.max, 1, "18446744073709551615"),
    ] as [(UInt64, UInt64, String)])
  func spelling(_ numerator: UInt64, _ denominator: UInt64, _ text: String) {
    #expect(Self.ours(numerator, denominator) == text)
  }

  @Test("nothing is divided by zero")
  func zero() {
    #expect(Self.ours(1, 0) == "")
    #expect(written { NumberText.appendPercent(1, of: 0, to: &$0) } == "")
  }

  @Test(
    "below a million it is C's %g", arguments: [1000, 256, 10] as [UInt64], SeededRandom.seeds(1))
  func likeG(denominator: UInt64, seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<20_000 {
      let bits = UInt64.random(in: 0..<30, using: &random)
      let numerator = UInt64.random(in: 0...(1 << bits), using: &random)
      let value = Double(numerator) / Double(denominator)
      let exponent = value > 0 && value < 0.0001
      if value >= 999_999.5 || exponent || Self.isTie(numerator, denominator) { continue }
      #expect(
        Self.ours(numerator, denominator) == String(format: "%g", value),
        "SEED=\(seed): \(numerator)/\(denominator)")
    }
  }

  /// Whether seven digits end in exactly 5: decimals round up, `printf` to the even neighbour.
  private static func isTie(_ numerator: UInt64, _ denominator: UInt64) -> Bool {
    var scale: UInt64 = 1
    while numerator / denominator * scale < 100_000, scale < 1_000_000_000,
      numerator * scale / denominator < 100_000
    { scale *= 10 }
    return numerator * scale * 2 % (denominator * 2) == denominator
  }

  @Test("shares are C's %.1f%%", arguments: SeededRandom.seeds(1))
  func percent(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<20_000 {
      let whole = UInt64.random(in: 1...1_000_000, using: &random)
      let part = UInt64.random(in: 0...whole, using: &random)
      if part * 2000 % (2 * whole) == whole { continue }  // a tie, which printf rounds to even
      #expect(
        written { NumberText.appendPercent(part, of: whole, to: &$0) }
          == String(format: "%.1f%%", Double(part) * 100 / Double(whole)),
        "SEED=\(seed): \(part) of \(whole)")
    }
  }
}
