import Foundation
import Testing

extension EndToEnd {
  @Suite("A recording of several moments")
  struct RecordSamples {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func run(_ words: String...) throws -> Outcome {
      try Program(words: [Product.sockinspect] + words).run()
    }

    @Test("is listed like one of its first moment, and compared by listen --interval")
    func samples() throws {
      let path = "\(folder.path)/two"
      let made = try run("record", "--samples", "2", "--interval", "0.1", path)
      #expect(made.status == 0, "\(made)")
      let first = try run("-an", "--from", path)
      let again = try run("-an", "--from", path)
      #expect(first.status == 0 && first.output == again.output, "\(first)")
      let rates = try run("listen", "--json", "--interval", "1", "--from", path)
      #expect(rates.status == 0, "\(rates)")
      // Far less than a second was recorded: nobody waited for the interval that was named.
      if rates.text.contains("interval_ms") {
        #expect(!rates.text.contains("\"interval_ms\": 1000"))
      }
    }

    @Test("has more than one moment, or there is nothing to compare")
    func one() throws {
      let path = "\(folder.path)/one"
      #expect(try run("record", path).status == 0)
      let refused = try run("listen", "--interval", "1", "--from", path)
      #expect(refused.status == 1 && refused.errorLines.count == 1, "\(refused)")
      #expect(refused.errorText.contains("it holds one; record --samples 2 makes two"))
    }

    @Test("is asked for in whole numbers", arguments: ["0", "-1", "x", "1001", "1.5"])
    func wrong(_ samples: String) throws {
      let refused = try run("record", "--samples", samples, "\(folder.path)/x")
      #expect(refused.status == 64 && refused.errorText.contains("--samples"), "\(refused)")
    }

    @Test("an interval without a second moment is refused")
    func interval() throws {
      let refused = try run("record", "--interval", "1", "\(folder.path)/x")
      #expect(refused.status == 64 && refused.errorText.contains("--samples"), "\(refused)")
    }

    @Test("that is interrupted keeps the samples it has", arguments: [SIGINT, SIGTERM, SIGHUP])
    func interrupted(_ signal: Int32) throws {
      let path = "\(folder.path)/some"
      let errors = try OpenFile.temporary()
      let process = try ChildProcess(
        [Product.sockinspect, "record", "--samples", "3", "--interval", "600", path],
        output: errors.number, errors: errors.number)
      #expect(waits(process.number, for: signal))
      kill(process.number, signal)
      #expect(process.waitForEnd(until: .now + .seconds(30)) == .killed(signal: signal))
      let said = String(decoding: errors.contents(), as: UTF8.self)
      #expect(said.contains("interrupted: \(path) holds 1 of 3 samples\n"), "\(said)")
      #expect(try run("-tan", "--from", path).status == 0)
      #expect(try run("-tan", "--from", path).output.isEmpty == false)
    }

    /// Whether the process comes to where it catches the signal, as /proc tells.
    private func waits(_ process: pid_t, for signal: Int32) -> Bool {
      let deadline = ContinuousClock.now + .seconds(30)
      while ContinuousClock.now < deadline {
        let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("SigCgt:") }
        let mask = line.flatMap { UInt64($0.dropFirst("SigCgt:\t".count), radix: 16) } ?? 0
        if mask & 1 << UInt64(signal - 1) != 0 { return true }
        usleep(1000)
      }
      return false
    }
  }
}
