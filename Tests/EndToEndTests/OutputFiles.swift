import Foundation
import Testing

/// What is to be written to a file, and how.
private let writers: [[String]] = [["metrics", "--output"], ["record", "--force"]]

extension EndToEnd {
  @Suite("A file that is written")
  struct OutputFiles {
    let folder: TemporaryFolder
    private let nobody: uid_t = 65534

    init() throws { folder = try TemporaryFolder() }

    private func file(_ name: String) -> String { "\(folder.path)/\(name)" }

    private func write(_ words: [String], to path: String) throws -> Outcome {
      try Program(words: [Product.sockinspect] + words + [path], deadline: .seconds(20)).run()
    }

    private func names() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    private func text(_ name: String) -> String {
      String(decoding: FileManager.default.contents(atPath: file(name)) ?? Data(), as: UTF8.self)
    }

    private func refuses(_ words: [String], _ path: String) throws {
      let refused = try write(words, to: path)
      #expect(refused.status == 1 && refused.errorLines.count == 1, "\(refused)")
      #expect(refused.errorText.contains("that another user may have put there"), "\(refused)")
    }

    @Test("is not what another user's link leads to", .enabled(if: Tool.isRoot), arguments: writers)
    func plantedLink(_ words: [String]) throws {
      chmod(folder.path, 0o1777)
      try Data("precious".utf8).write(to: URL(fileURLWithPath: file("victim")))
      for target in [file("victim"), file("none"), "/dev/null", "victim"] {
        #expect(symlink(target, file("link")) == 0 && lchown(file("link"), nobody, nobody) == 0)
        try refuses(words, file("link"))
        unlink(file("link"))
      }
      #expect(symlink("/", file("folder")) == 0 && lchown(file("folder"), nobody, nobody) == 0)
      try refuses(words, file("folder") + file("victim"))
      #expect(text("victim") == "precious")
      #expect(try names() == ["folder", "victim"])
    }

    @Test("is not a link in another user's folder", .enabled(if: Tool.isRoot), arguments: writers)
    func foreignFolder(_ words: [String]) throws {
      #expect(mkdir(file("his"), 0o755) == 0 && chown(file("his"), nobody, nobody) == 0)
      // He can have renamed a link of ours.
      #expect(symlink(file("victim"), file("his/link")) == 0)
      try refuses(words, file("his/link"))
      #expect(try names() == ["his"])
    }

    @Test("is no planted pipe or device", .enabled(if: Tool.isRoot), arguments: writers)
    func plantedPipe(_ words: [String]) throws {
      chmod(folder.path, 0o1777)
      #expect(mkfifo(file("pipe"), 0o666) == 0 && chown(file("pipe"), nobody, nobody) == 0)
      try refuses(words, file("pipe"))
      let reader = open(file("pipe"), O_RDONLY | O_NONBLOCK | O_CLOEXEC)
      defer { close(reader) }
      try refuses(words, file("pipe"))
      var byte: UInt8 = 0
      #expect(read(reader, &byte, 1) == 0)
      if mknod(file("device"), S_IFCHR | 0o666, 0x103) == 0 {
        chown(file("device"), nobody, nobody)
        try refuses(words, file("device"))
      }
    }

    @Test("may be named by links of our own", arguments: writers)
    func ownLinks(_ words: [String]) throws {
      #expect(mkdir(file("real"), 0o755) == 0)
      #expect(symlink("real", file("folder")) == 0)
      #expect(symlink("../target", file("real/link")) == 0)
      #expect(try write(words, to: file("folder/link")).status == 0)
      #expect(try names() == ["folder", "real", "target"])
      #expect(text("target").count > 100)
      chmod(folder.path, 0o1777)
      #expect(symlink("target", file("link")) == 0)
      #expect(try write(words, to: file("link")).status == 0)
      var status = stat()
      #expect(lstat(file("link"), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
      #expect(symlink("loop", file("loop")) == 0)
      #expect(try write(words, to: file("loop")).errorText.contains("levels of symbolic links"))
    }

    @Test("may be a descriptor, a pipe or a device", arguments: writers)
    func inPlace(_ words: [String]) throws {
      for path in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "-"] {
        let written = try write(words, to: path)
        #expect(written.status == 0 && written.output.count > 100, "\(written)")
      }
      #expect(try write(words, to: "/dev/null").status == 0)
      #expect(mkfifo(file("pipe"), 0o600) == 0)
      let script = #"cat "$0" > "$1" & shift; "$@" "$0"; wait"#
      let words = ["sh", "-c", script, file("pipe"), file("copy"), Product.sockinspect] + words
      #expect(try Program(words: words).run().status == 0)
      #expect(text("copy").count > 100)
    }

    @Test("stays as it was when the limit of a file's size is met", arguments: writers)
    func sizeLimit(_ words: [String]) throws {
      try Data("before".utf8).write(to: URL(fileURLWithPath: file("file")))
      let script = #"ulimit -f 0; exec "$0" "$@""#
      let all = ["sh", "-c", script, Product.sockinspect] + words + [file("file")]
      let (errors, errorsEnd) = try OpenFile.pipe()
      let process = try ChildProcess(all, output: errorsEnd.number, errors: errorsEnd.number)
      #expect(process.waitForEnd(until: .now + .seconds(20)) == .exited(1))
      let said = errors.piece().map { String(decoding: $0, as: UTF8.self) }
      #expect(said == "sockinspect: cannot write \(file("file")): file too large\n")
      #expect(text("file") == "before")
      #expect(try names() == ["file"])
    }

    @Test("stays as it was when the disk is full", .enabled(if: Tool.isRoot), arguments: writers)
    func fullDisk(_ words: [String]) throws {
      let script = #"""
        mount -t tmpfs -o size=4k none "$0" || exit 77
        echo before > "$0/file"
        "$@" "$0/file"; echo "status $?"
        cat "$0/file"; ls -A "$0"
        """#
      let inside = ["unshare", "-m", "sh", "-c", script, folder.path, Product.sockinspect] + words
      let outcome = try Program(words: inside).run()
      #expect(outcome.text == "status 1\nbefore\nfile\n", "\(outcome)")
      #expect(outcome.errorText.contains("no space left on device"), "\(outcome)")
    }

    /// At moments spread over the time that a whole run takes. SIGQUIT must not be ignored, as it
    /// is in what a shell without job control starts; so a child of ours is asked.
    @Test("is whole or not there, whenever a signal comes", arguments: writers)
    func interrupted(_ words: [String]) throws {
      let begin = ContinuousClock.now
      #expect(try write(words, to: file("first")).status == 0)
      let whole = ContinuousClock.now - begin
      unlink(file("first"))
      let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU, SIGUSR1, SIGKILL]
      var ended = 0
      for round in 0..<35 {
        let output = try OpenFile.temporary()
        let all = [Product.sockinspect] + words + [file("file")]
        let process = try ChildProcess(all, output: output.number, errors: output.number)
        usleep(UInt32(whole / .microseconds(1)) * UInt32(round) / 35)
        kill(process.number, signals[round % signals.count])
        let ending = process.waitForEnd(until: .now + .seconds(20))
        #expect(ending == .exited(0) || ending == .killed(signal: signals[round % signals.count]))
        ended += ending == .exited(0) ? 0 : 1
        #expect(try names().allSatisfy { $0 == "file" })
      }
      #expect(ended > 0)
      guard try names() == ["file"] else { return }
      if words[0] == "record" {
        let read = try Program(words: [Product.sockinspect, "-tan", "--from", file("file")]).run()
        #expect(read.status == 0, "\(read)")
      } else {
        #expect(text("file").hasSuffix("\n") && text("file").contains("_run"))
      }
    }
  }
}
