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
      #expect(
        made.errorText.contains(/recorded 2 samples in [0-9.]+ m?s: .* in .*\/two\n/), "\(made)")
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

    @Test("is read at the sample that was asked for")
    func sample() throws {
      let path = "\(folder.path)/three"
      #expect(try run("record", "--samples", "3", "--interval", "0.1", path).status == 0)
      let last = try run("-tan", "--from", path, "--sample", "3")
      #expect(last.status == 0 && last.errors.isEmpty && !last.output.isEmpty, "\(last)")
      let times = try (1...3).map { number in
        try object(run("-j", "--from", path, "--sample", "\(number)").output)["time"] as? String
      }
      #expect(times == times.compactMap { $0 }.sorted() && Set(times).count == 3)
      // The one before is 0.1 s older, the first 0.2 s.
      let step = try run("counters", "--from", path, "--interval", "1", "--sample", "3", "-zj")
      let whole = try run("counters", "--from", path, "--interval", "1", "-zj")
      let lengths = try [step, whole].map { outcome in
        try #require(try object(outcome.output)["counters"] as? [[String: Any]]).first?[
          "interval_ms"]
          as? Int ?? 0
      }
      #expect(lengths[0] >= 90 && lengths[0] < lengths[1] && lengths[1] >= 190, "\(lengths)")
    }

    @Test(
      "does not have every sample",
      arguments: [
        (["--sample", "2"], 64, "--from FILE"),
        (["--sample", "0", "--from", "it"], 64, "--sample"),
        (["--sample", "2", "--from", "it"], 1, "it holds 1 sample"),
        (
          ["listen", "--interval", "1", "--sample", "1", "--from", "it"], 1,
          "no sample comes before it"
        ),
      ])
    func otherSamples(_ words: [String], _ status: Int32, _ hint: String) throws {
      let path = "\(folder.path)/it"
      #expect(try run("record", "-N", "self", path).status == 0)
      let all = words.map { $0 == "it" ? path : $0 }
      let refused = try Program(words: [Product.sockinspect] + all).run()
      #expect(refused.status == status && refused.output.isEmpty, "\(refused)")
      #expect(refused.errorLines.count == 1 && refused.errorText.contains(hint), "\(refused)")
    }

    @Test("comes through a pipe as well")
    func pipe() throws {
      let script = #""$0" record -N self - | "$0" -tan --from -"#
      let ours = try Program(words: ["sh", "-c", script, Product.sockinspect]).run()
      #expect(ours.status == 0 && ours.text.hasPrefix("State "), "\(ours)")
      #expect(ours.errorText.contains(/recorded 1 sample in .* to standard output\n/), "\(ours)")
      let other = #"yes | "$0" --from -; echo $?; : | "$0" --from -; echo $?"#
      let refused = try Program(words: ["sh", "-c", other, Product.sockinspect]).run()
      #expect(refused.text == "1\n1\n", "\(refused)")
      #expect(refused.errorLines[0].contains("this is not a sockinspect recording"))
      #expect(refused.errorLines[1].contains("standard input: the file is empty"))
    }

    @Test("replaces a file only when that is asked for")
    func overwriting() throws {
      let path = "\(folder.path)/file"
      try Data("precious".utf8).write(to: URL(fileURLWithPath: path))
      let refused = try run("record", "-N", "self", path)
      #expect(refused.status == 1, "\(refused)")
      #expect(
        refused.errorText == "sockinspect: cannot write \(path): it exists; --force replaces it\n")
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
      #expect(try run("record", "-N", "self", "--force", path).status == 0)
      #expect(try run("-tan", "--from", path).status == 0)
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
