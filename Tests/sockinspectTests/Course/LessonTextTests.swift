import Testing

@testable import sockinspect

/// What output has to look like.
@Suite("A promise")
struct PromiseTests {
  @Test(
    "compares lines, blanks as one, … as anything",
    arguments: [
      ("LISTEN 4 3 127.0.0.1:9000", "LISTEN     4      3      127.0.0.1:9000  ", true),
      ("LISTEN 4 3 127.0.0.1:9000", "LISTEN 4 3 127.0.0.1:90001", false),
      ("LISTEN 4 3 …", "LISTEN 4 3 127.0.0.1:9000", true),
      ("… 127.0.0.1:…", "ESTAB 0 127.0.0.1:9000 held", true),
      ("0.0.0.0:*", "0.0.0.0:x", false), ("a[b]?", "a[b]?", true), ("a[b]?", "abc", false),
      ("skmem:(r0,…)", "\t skmem:(r0,rb1,d0)", true), ("a\\b", "a\\b", true),
    ])
  func pattern(pattern: String, line: String, matches: Bool) {
    #expect(LinePattern(pattern).matches(line) == matches)
  }

  @Test("counts lines")
  func counts() {
    let output = "a 1\nb 2\na 3\n"
    #expect(ExpectedOutput.line("a …").isKept(by: output))
    #expect(!ExpectedOutput.line("c …").isKept(by: output))
    #expect(ExpectedOutput.lines(2, "a …").isKept(by: output))
    #expect(!ExpectedOutput.lines(1, "a …").isKept(by: output))
    #expect(ExpectedOutput.atLeast(1, "a …").isKept(by: output))
    #expect(!ExpectedOutput.atLeast(3, "a …").isKept(by: output))
    #expect(ExpectedOutput.none("c …").isKept(by: output))
    #expect(!ExpectedOutput.none("b …").isKept(by: output))
  }
}

/// The small languages that lessons are written in.
@Suite("A lesson's text")
struct LessonTextTests {
  @Test("is plain, literal or a term")
  func prose() {
    let pieces = Prose("see `ss(8)` -- the *accept queue*; 2 * 3").pieces
    #expect(
      pieces == [
        .init(kind: .plain, text: "see "), .init(kind: .literal, text: "ss(8)"),
        .init(kind: .plain, text: " -- the "), .init(kind: .term, text: "accept queue"),
        .init(kind: .plain, text: "; 2 * 3"),
      ])
  }

  @Test("keeps punctuation with the word before it")
  func words() {
    let words = Prose("a (`b c`), d").words.map { $0.map(\.text) }
    #expect(words == [["a"], ["(", "b c", "),"], ["d"]])
  }

  @Test("becomes mdoc")
  func mdoc() {
    #expect(
      ManualText.paragraph("Ask `accept(2)`, or (`ss -t`). Or *not*.") == """
        Ask
        .Xr accept 2 ,
        or
        .Pf ( Ql "ss \\-t" ) .
        Or
        .Em not .

        """)
    #expect(ManualText.paragraph(".x 'y'") == "\\&.x \\(aqy\\(aq\n")
    #expect(ManualText.literal(["$ a \\", ".b"]) == ".Bd -literal\n$ a \\e\n\\&.b\n.Ed\n")
  }

  @Test("is read as a shell would")
  func shellWords() {
    #expect(ShellLine("a 'b c' d''  e").words == ["a", "b c", "d", "e"])
    #expect(ShellLine("").program == "")
  }

  @Test("is broken only where a shell lets it be continued")
  func shellLines() {
    let command = "sockinspect load 127.0.0.1:9000 --kind silent --for 600 -q &"
    #expect(
      ShellLine(command).lines(width: 54) == [
        "sockinspect load 127.0.0.1:9000 --kind silent \\", "    --for 600 -q &",
      ])
    #expect(ShellLine(command).lines(width: 80) == [command])
    #expect(ShellLine("a 'b --c d'").lines(width: 4) == ["a \\", "    'b --c d'"])
  }

  @Test("moves to other ports, number by number")
  func ports() {
    let numbers = Renumbering(portsTo: 9100)
    #expect(
      numbers.applied(to: "sport = :9000 or :9003, not 19000, 90001 or 9000x")
        == "sport = :9100 or :9103, not 19000, 90001 or 9100x")
    #expect(
      numbers.applied(to: .stop("x", .lines(2, "127.0.0.1:9001")))
        == .stop("x", .lines(2, "127.0.0.1:9101")))
  }

  @Test("is the same for the ports and clients of the manual page")
  func unmoved() {
    for lesson in Course.lessons {
      #expect(lesson.steps(LessonSetting(port: 9000, clients: 10_000)) == lesson.steps(.usual))
    }
  }
}
