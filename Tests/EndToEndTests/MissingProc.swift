import Foundation
import Testing

extension DemosEndToEnd {
  /// Swift takes the arguments from /proc/self/cmdline, and the path of its runtime from /proc.
  @Suite("Without /proc or descriptors no command runs as another one")
  struct MissingProc {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A mount namespace whose /proc is an empty folder; nil where none can be made.
    private static let prefix: [String]? = [["unshare", "-m"], ["unshare", "-Urm"]]
      .map { $0 + ["sh", "-c", #"mount -t tmpfs none /proc && exec "$@""#, "sh"] }
      .first { (try? Program(words: $0 + ["true"]).run().status) == 0 }

    private func run(_ words: [String]) throws -> Outcome {
      try Program(words: try #require(Self.prefix) + [Product.sockinspect] + words).run()
    }

    @Test(
      "what needs no /proc answers as ever", .enabled(if: prefix != nil),
      arguments: [
        ["help"], ["help", "list"], ["--version"], ["explain", "cwnd"], ["completions", "bash"],
        ["demo", "--list"], ["list", "--list-columns"],
      ])
    func needsNothing(_ words: [String]) throws {
      let here = try Program(words: [Product.sockinspect] + words).run()
      let there = try run(words)
      #expect(there.status == 0 && there.output == here.output && there.errors == [], "\(there)")
    }

    @Test(
      "what needs it says so, with status 3", .enabled(if: prefix != nil),
      arguments: [
        [], ["list"], ["-tan"], ["listen"], ["diagnose"], ["watch", "--count", "1"], ["counters"],
        ["metrics", "--output", "/dev/null"], ["record", "/dev/null"], ["kill", ":1"],
        ["demo", "serial", "--no-pause"], ["demo", "serial-blocked", "--hold"],
        ["serve", "prefork"],
      ])
    func needsProc(_ words: [String]) throws {
      let refused = try run(words)
      #expect(refused.status == 3 && refused.output == [], "\(refused)")
      #expect(refused.errorLines.count == 1 && refused.errorText.contains("/proc"), "\(refused)")
      #expect(refused.errorText.contains("is not mounted here"), "\(refused)")
    }

    @Test("a recording is read as ever", .enabled(if: prefix != nil))
    func recording() throws {
      let path = "\(folder.path)/recording"
      #expect(try Program(words: [Product.sockinspect, "record", path]).run().status == 0)
      let here = try Program(words: [Product.sockinspect, "-tan", "--from", path]).run()
      let there = try run(["-tan", "--from", path])
      #expect(there.status == 0 && there.output == here.output, "\(there)")
      // Without /proc a file cannot get its name later, so it has one from the beginning.
      let copy = "\(folder.path)/metrics"
      #expect(try run(["metrics", "--from", path, "--output", copy]).status == 0)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)
    }

    /// A program with shared libraries needs a descriptor to be started at all, so the test's
    /// limit begins with one more than the three that are open.
    @Test(
      "few descriptors are one clear line or the right answer",
      arguments: [4, 5, 8],
      [["--version"], ["-tln"], ["listen"], ["diagnose"], ["record", "/dev/null"]])
    func descriptors(_ limit: Int, _ words: [String]) throws {
      let script = "ulimit -n \(limit); exec \"$@\""
      let few = try Program(words: ["sh", "-c", script, "sh", Product.sockinspect] + words).run()
      let version = try Program(words: [Product.sockinspect, "--version"]).run()
      #expect(words == ["--version"] ? few.output == version.output : few.output != version.output)
      #expect([0, 1, 2, 3].contains(few.status ?? -1), "\(few)")
      if few.status == 0, words == ["-tln"] {
        let all = try Program(words: [Product.sockinspect] + words).run()
        #expect(few.text.split(separator: "\n").first == all.text.split(separator: "\n").first)
      }
      if few.status == 1, words != ["diagnose"] {
        #expect(few.output == [] && few.errorLines.count == 1, "\(few)")
        #expect(few.errorText.contains("too many open files"), "\(few)")
      }
    }

    /// All descriptors are taken: nothing can be opened, and nothing may look like an idle host.
    @Test(
      "no descriptor at all is an error of every command that reads",
      arguments: [["-tln"], ["listen"], ["diagnose"], ["record", "/dev/null"], ["counters"]])
    func noDescriptor(_ words: [String]) throws {
      let script = "exec 3</dev/null 4</dev/null; ulimit -n 5; exec \"$@\""
      let prepared = ["sh", "-c", script, "sh"]
      let starts = try Program(words: prepared + [Product.sockinspect, "--version"]).run()
      // The loader of a program with shared libraries fails first.
      guard starts.status == 0 else { return }
      let refused = try Program(words: prepared + [Product.sockinspect] + words).run()
      #expect(refused.status == (words == ["diagnose"] ? 3 : 1), "\(refused)")
      #expect(refused.output == [] && refused.errorLines.count == 1, "\(refused)")
      #expect(refused.errorText.contains("too many open files"), "\(refused)")
    }
  }
}
