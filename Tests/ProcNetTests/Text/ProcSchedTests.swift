import Testing

@testable import ProcNet

/// When a thread last ran, by the scheduler's own clock.
@Suite struct ProcSchedTests {
  /// Of Linux 6.18; the file goes on with some forty lines.
  private static let text = """
    python3 (3040, #threads: 3)
    -------------------------------------------------------------------
    se.exec_start                                :       1531961.636711
    se.vruntime                                  :          8123.123456
    se.sum_exec_runtime                          :           123.654321
    nr_switches                                  :                   31

    """

  private static func lastRan(_ text: String) -> UInt64? {
    ProcSched.decode(Array(text.utf8).span)?.lastRan
  }

  @Test("milliseconds with six digits behind the point become microseconds")
  func whole() {
    #expect(Self.lastRan(Self.text) == 1_531_961_636)
    #expect(Self.lastRan("se.exec_start : 0.000999\n") == 0)
    #expect(Self.lastRan("se.exec_start : 0.001000\n") == 1)
    #expect(Self.lastRan("se.exec_start:1.000000") == 1000)
  }

  @Test("no beginning of the text is another time")
  func prefixes() {
    let bytes = Array(Self.text.utf8)
    for count in 0...bytes.count {
      let found = ProcSched.decode(Array(bytes[..<count]).span)?.lastRan
      #expect(found == nil || found == 1_531_961_636, "\(count)")
    }
    // The line is found within what is read of the file.
    #expect(ProcSched.decode(Array(bytes.prefix(ProcSched.beginning)).span) != nil)
  }

  @Test(
    "lines that are cut off, or written otherwise, say nothing",
    arguments: [
      "", "se.exec_start\n", "se.exec_start :\n", "se.exec_start : 1\n", "se.exec_start : 1.5\n",
      "se.exec_start : 1.12345\n", "se.exec_start : 1.1234567\n", "se.exec_start : -1.123456\n",
      "se.exec_start : x.123456\n", "se.exec_starts : 1.123456\n", "xse.exec_start : 1.123456\n",
      "se.exec_start 1.123456\n", "se.exec_start : 18446744073709552.000000\n",
      "se.exec_start : 99999999999999999999.000000\n",
    ])
  func nothing(text: String) { #expect(Self.lastRan(text) == nil) }

  @Test("of two such lines the first that is whole counts")
  func twice() {
    #expect(Self.lastRan("se.exec_start : 1.5\nse.exec_start : 2.000000\n") == 2000)
    #expect(Self.lastRan("se.exec_start : 1.000000\nse.exec_start : 2.000000\n") == 1000)
  }

  /// Up to `processor`, the 39th field.
  private static func stat(_ processor: String) -> ProcStat? {
    let begin = "7 (x) S 1 7 7 0 -1 4194304 90 0 3 0 12 34 0 0 20 0 5 0 778899 1000 20 "
    let middle = Array(repeating: "0", count: 13).joined(separator: " ")
    return ProcStat(Array("\(begin)\(middle) 17 \(processor)".utf8))
  }

  @Test("stat tells the processor that a thread last ran on, and older kernels do not")
  func processor() {
    #expect(Self.stat("3 0 0 0\n")?.processor == 3)
    #expect(Self.stat("0\n")?.processor == 0 && Self.stat("255 0")?.processor == 255)
    #expect(ProcStat(Array("7 (x) S 1 7 7 0 -1 0 0 0 0 0 1 2 0 0 20 0 5 0 7\n".utf8)) != nil)
    #expect(
      ProcStat(Array("7 (x) S 1 7 7 0 -1 0 0 0 0 0 1 2 0 0 20 0 5 0 7\n".utf8))?.processor == nil)
    // No number of one, or none that fits, costs only this.
    for text in ["-1 0\n", "x 0\n", "99999999999 0\n", ""] {
      #expect(Self.stat(text) != nil && Self.stat(text)?.processor == nil, "\(text)")
    }
  }
}
