import Foundation
import Testing

extension EndToEnd {
  /// `metrics --output`: whoever reads the file finds all of it or the one before.
  @Suite("Metrics in a file")
  struct MetricsOutput {
    private let folder: TemporaryFolder
    private let file: String

    init() throws {
      folder = try TemporaryFolder()
      file = "\(folder.path)/sockinspect.prom"
    }

    private func metrics(_ arguments: [String]) throws -> Outcome {
      try Program(words: [Product.sockinspect, "metrics"] + arguments).run()
    }

    private func names() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: folder.path)
    }

    private func checkFailed(_ outcome: Outcome, _ reason: String) {
      #expect(outcome.status == 1 && outcome.output.isEmpty, "\(outcome)")
      let told = outcome.errorLines.filter { !$0.contains(": note: ") }
      #expect(told.count == 1 && told[0].contains(reason), "\(outcome)")
    }

    @Test("it is for everybody to read, whatever the umask, and the only file that is left")
    func mode() throws {
      try "before".write(toFile: file, atomically: false, encoding: .utf8)
      chmod(file, 0o600)
      let line = "umask 077; \"$1\" metrics --output \"$2\""
      let outcome = try Program(words: ["sh", "-c", line, "sh", Product.sockinspect, file]).run()
      #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome)")
      let attributes = try FileManager.default.attributesOfItem(atPath: file)
      #expect(attributes[.posixPermissions] as? Int == 0o644)
      #expect(try names() == ["sockinspect.prom"])
      let text = try [UInt8](Data(contentsOf: URL(fileURLWithPath: file)))
      #expect(try MetricsReading(text, isOpen: false).faults == [], "for the textfile collector")
    }

    @Test("--format openmetrics is obeyed in a file, and - is standard output")
    func formats() throws {
      #expect(try metrics(["--format", "openmetrics", "--output", file]).status == 0)
      #expect(try String(contentsOfFile: file, encoding: .utf8).hasSuffix("\n# EOF\n"))
      #expect(try metrics(["--output", "-"]).text.hasSuffix("\n# EOF\n"))
    }

    @Test("a reader never sees a part of it")
    func atomic() throws {
      #expect(try metrics(["--output", file]).status == 0)
      let line =
        "for i in 1 2 3 4 5 6 7 8 9 10; do \"$1\" metrics --output \"$2\" 2>/dev/null; done"
      let errors = try OpenFile.temporary()
      let writer = try ChildProcess(
        ["sh", "-c", line, "sh", Product.sockinspect, file], output: errors.number,
        errors: errors.number)
      var seen: Set<Bool> = []
      while writer.isRunning {
        let text = try String(contentsOfFile: file, encoding: .utf8)
        seen.insert(text.hasPrefix("# HELP ") && text.contains("\nsockinspect_build_info{"))
      }
      #expect(seen == [true])
      #expect(try names() == ["sockinspect.prom"])
    }

    @Test("where nothing can be written there is one line, and nothing is left behind")
    func nowhere() throws {
      checkFailed(try metrics(["--output", "\(folder.path)/none/x.prom"]), "no such file")
      checkFailed(try metrics(["--output", folder.path]), "cannot write \(folder.path)")
      #expect(try names() == [])
    }

    @Test("in a folder of others", .enabled(if: Tool.canChangeUser, "needs setpriv"))
    func unwritable() throws {
      let program = try folder.copy(of: Product.sockinspect)
      let outcome = try Program(
        words: User.nobody.prefix + [program, "metrics", "--output", file]
      ).run()
      checkFailed(outcome, "permission denied")
      #expect(try names() == ["sockinspect"])
    }

    @Test(
      "on a full disk the file of before stays as it was",
      .enabled(if: Tool.isRoot && Tool.has("unshare", "mount"), "needs root, unshare and mount"))
    func fullDisk() throws {
      let line = """
        mount -t tmpfs -o size=8k none "$2" || exit 77
        echo before >"$2/x.prom"; head -c 4096 /dev/zero >"$2/filler"
        "$1" metrics --output "$2/x.prom"; echo "status $?"; cat "$2/x.prom"; ls "$2"
        """
      let outcome = try Program(
        words: ["unshare", "-m", "bash", "-c", line, "bash", Product.sockinspect, folder.path]
      ).run()
      if outcome.status == 77 { try Test.cancel("no file system may be mounted here") }
      #expect(outcome.text == "status 1\nbefore\nfiller\nx.prom\n", "\(outcome)")
      #expect(outcome.errorText.contains("no space left on device"), "\(outcome)")
    }

    @Test("a look that fails is told in the file too")
    func failedLook() throws {
      let outcome = try metrics(["--netns", "nosuchplace", "--output", file])
      checkFailed(outcome, "nosuchplace")
      let text = try [UInt8](Data(contentsOf: URL(fileURLWithPath: file)))
      let reading = try MetricsReading(text, isOpen: false)
      #expect(reading.faults == [] && reading["run_success", [:]] == 0)
      #expect(reading.all("gaps").isEmpty && reading.all("run_timestamp_seconds").isEmpty)
    }

    @Test(
      "wrong usage is refused, and no file is touched",
      arguments: [
        (["--format", "promtheus"], "did you mean prometheus?"),
        (["--outptu", "x"], "did you mean --output?"), (["--output"], "needs an argument"),
        (["state", "lisn"], "did you mean"), (["--columns", "local"], "does not take --columns"),
      ])
    func refused(arguments: [String], message: String) throws {
      let outcome = try metrics(["--output", file] + arguments)
      #expect(outcome.status == 64 && outcome.errorText.contains(message), "\(outcome)")
      #expect(try names() == [] && outcome.output.isEmpty)
    }
  }
}
