import Foundation
import ProcNet
import TestSupport
import Testing

@testable import sockinspect

@Suite struct TimeTests {
  @Test(
    "a timer's time is written as ss does, oddly",
    arguments: [
      (0, ""), (1, "001ms"), (40, "040ms"), (204, "204ms"), (999, "999ms"), (1000, "1sec"),
      // A second's fraction follows a point, and still ends in ms.
      (1001, "1.001ms"), (9820, "9.820ms"), (9999, "9.999ms"),
      // From 10 s on, no fraction; from a minute on, none either.
      (10_000, "10sec"), (10_999, "10sec"), (59_999, "59sec"), (60_000, "1min"),
      (60_999, "1min"), (61_000, "1min1sec"), (110_500, "1min50sec"), (599_000, "9min59sec"),
      // From 10 minutes on, no seconds.
      (659_000, "10min"), (7_199_999, "119min"), (UInt32.max, "71582min"),
    ] as [(UInt32, String)])
  func timer(_ milliseconds: UInt32, _ text: String) {
    #expect(written { SSTimer.appendTime(milliseconds, to: &$0) } == text)
  }

  @Test("each kind of timer has ss's name, and none is no timer")
  func kinds() {
    let shown = (0...6).map { kind in
      written {
        SSTimer.append(SocketTimer(kind: kind, expires: 1000, retransmits: 2), to: &$0)
      }
    }
    #expect(
      shown == [
        "", " timer:(on,1sec,2)", " timer:(keepalive,1sec,2)", " timer:(timewait,1sec,2)",
        " timer:(persist,1sec,2)", " timer:(delack,1sec,2)", " timer:(unknown,1sec,2)",
      ])
  }

  @Test(
    "points in time around leap days and turns of years",
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (951_782_399_999, "2000-02-28T23:59:59.999Z"),
      (951_782_400_000, "2000-02-29T00:00:00.000Z"), (951_868_800_000, "2000-03-01T00:00:00.000Z"),
      (4_107_542_399_000, "2100-02-28T23:59:59.000Z"),
      (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
      (1_763_868_167_123, "2025-11-23T03:22:47.123Z"),
    ] as [(UInt64, String)])
  func moment(_ milliseconds: UInt64, _ text: String) {
    #expect(TimeText.iso8601(milliseconds: milliseconds) == text)
  }

  @Test("3,000 points in time are written like Foundation's", arguments: SeededRandom.seeds(1))
  func likeFoundation(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let formatter = ISO8601DateFormatter()
    for _ in 0..<3000 {
      // Whole seconds: Foundation's dates are floating point and lose milliseconds.
      let seconds = UInt64.random(in: 0...32_503_680_000, using: &random)
      let date = Date(timeIntervalSince1970: Double(seconds))
      let theirs = formatter.string(from: date).replacingOccurrences(of: "Z", with: ".007Z")
      #expect(TimeText.iso8601(milliseconds: seconds * 1000 + 7) == theirs, "SEED=\(seed)")
    }
  }
}
