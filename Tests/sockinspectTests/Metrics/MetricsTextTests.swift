import ProcNet
import Testing

@testable import sockinspect

/// How metrics are written, letter for letter.
@Suite struct MetricsTextTests {
  private static let drops = MetricName("drops", .counter, "What was dropped.")
  private static let wait = MetricName("wait_seconds", .gauge, unit: "seconds", "The wait.")
  private static let build = MetricName("build", .info, "The program.")

  private func text(_ format: MetricsFormat, _ name: MetricName, _ sample: MetricSample?) -> String
  {
    written {
      let text = MetricsText(format: format)
      text.family(name, [sample].compactMap(\.self), &$0)
      text.end(&$0)
    }
  }

  private var labels: MetricLabels {
    var labels = MetricLabels()
    labels.add("port", "80")
    labels.add("path", nil as String?)
    labels.add("service", "")
    labels.add("state", "ESTAB")
    return labels
  }

  @Test("in OpenMetrics only the samples of a counter end in _total, and units are told")
  func openMetrics() {
    #expect(
      text(.openmetrics, Self.drops, MetricSample(labels, .count(5))) == """
        # HELP sockinspect_drops What was dropped.
        # TYPE sockinspect_drops counter
        sockinspect_drops_total{port="80",state="ESTAB"} 5
        # EOF

        """)
    #expect(
      text(.openmetrics, Self.wait, MetricSample(MetricLabels(), .milliseconds(2812))) == """
        # HELP sockinspect_wait_seconds The wait.
        # TYPE sockinspect_wait_seconds gauge
        # UNIT sockinspect_wait_seconds seconds
        sockinspect_wait_seconds 2.812
        # EOF

        """)
    #expect(
      text(.openmetrics, Self.build, MetricSample(MetricLabels(), .truth(true))).contains(
        "# TYPE sockinspect_build info\nsockinspect_build_info 1\n"))
  }

  @Test("the older format names a counter as its samples, and has neither units, infos nor an end")
  func prometheus() {
    #expect(
      text(.prometheus, Self.drops, MetricSample(labels, .count(5))) == """
        # HELP sockinspect_drops_total What was dropped.
        # TYPE sockinspect_drops_total counter
        sockinspect_drops_total{port="80",state="ESTAB"} 5

        """)
    #expect(
      text(.prometheus, Self.wait, MetricSample(MetricLabels(), .milliseconds(7))) == """
        # HELP sockinspect_wait_seconds The wait.
        # TYPE sockinspect_wait_seconds gauge
        sockinspect_wait_seconds 0.007

        """)
    #expect(
      text(.prometheus, Self.build, MetricSample(MetricLabels(), .truth(true))).contains(
        "# TYPE sockinspect_build_info gauge\nsockinspect_build_info 1\n"))
  }

  @Test("what is not known is no sample, and a family without samples is not named")
  func unknown() {
    #expect(MetricSample(labels, .count(nil as Int?)) == nil)
    #expect(MetricSample(labels, .truth(nil)) == nil)
    #expect(MetricSample(labels, .milliseconds(nil as UInt32?)) == nil)
    #expect(text(.openmetrics, Self.wait, nil) == "# EOF\n")
  }

  @Test(
    "numbers have base units",
    arguments: [
      (.count(0), "0"), (.count(UInt64.max), "18446744073709551615"), (.truth(false), "0"),
      (.milliseconds(0), "0.000"), (.milliseconds(60_000), "60.000"),
      (.microseconds(4949), "0.004949"), (.microseconds(1_000_001), "1.000001"),
    ] as [(MetricNumber?, String)])
  func numbers(number: MetricNumber?, expected: String) {
    let line = text(.prometheus, Self.wait, MetricSample(MetricLabels(), number))
    #expect(line.hasSuffix("\nsockinspect_wait_seconds \(expected)\n"))
  }

  @Test(
    "names of others become labels that every reader understands",
    arguments: [
      ("plain name", #"plain name"#), (#"a\b"c"#, #"a\\b\"c"#), ("a\nb", #"a\nb"#),
      ("a\u{1b}[31m\u{0}\u{7f}", #"a\\x1b[31m\\x00\\x7f"#), ("\u{202e}x", #"\\u202ex"#),
      ("ü漢", "ü漢"), ("\r\t", #"\\x0d\\x09"#), (#"x"} 1"#, #"x\"} 1"#),
    ])
  func escapes(name: String, expected: String) {
    var labels = MetricLabels()
    labels.add("path", name)
    #expect(String(decoding: labels.text, as: UTF8.self) == "path=\"\(expected)\"")
  }

  @Test(
    "bytes that are no UTF-8 are written visibly, each",
    arguments: [([0xFF, 0x41], #"\\xffA"#), ([0xC3, 0x41], #"\\xc3A"#)])
  func broken(bytes: [UInt8], expected: String) {
    var labels = MetricLabels()
    labels.add("path", bytes)
    #expect(String(validating: labels.text, as: UTF8.self) == "path=\"\(expected)\"")
  }
}
