@testable import Diagnosis
import ProcNet
import Testing

@testable import sockinspect

/// What a person reads.
@Suite("A diagnosis as text")
struct DiagnosisTextTests {
  @Test("the whole of one, in a pipe: paragraphs are lines")
  func whole() {
    let cause = MadeDiagnosis.blocked()
    let report = MadeDiagnosis.report(
      [cause, MadeDiagnosis.full(because: cause), MadeDiagnosis.notice],
      gaps: [Gap(missing: "owners", reason: "permission denied", remedy: "run as root")])
    let lines = MadeDiagnosis.text(report).split(separator: "\n", omittingEmptySubsequences: false)
    let expected = """
      CRITICAL  127.0.0.1:9000 answers no one: its only accepting thread has been waiting 62 s for \
      one silent client.

        Chain   clients → demo-front (pid 12) at 127.0.0.1:9000, recvfrom fd 4 for 62 s → \
      python3 (pid 3040), thread 3041, recvfrom fd 4 for 62 s → a client at 192.0.2.1 that is silent

        python3 (pid 3040) is a serial server: one thread accepts and serves.
        That thread sleeps in recvfrom() on fd 4, the connection from 127.0.0.1:35628.

        Effects 6 connections wait at 127.0.0.1:9000, more than its limit of 5 (critical, \
      accept-queue-full).
        Seen    system call: recvfrom (/proc/3040/syscall) · accept queue: 6 connections \
      (sock_diag idiag_rqueue) · bytes: -1 (a | b) · moved: no (/proc/3040/status)
        Do      To free it at once, end the client that it waits for, or close that connection \
      with `sockinspect kill`.
                Give every read and write on a client's connection a time-out.
      """.split(separator: "\n", omittingEmptySubsequences: false)
    for (line, wanted) in zip(lines, expected) { #expect(line == wanted) }
    let end = """
        Check   ss -ltn 'sport = :9000'
                cat /proc/3040/syscall
        More    `sockinspect explain server-blocked`; `sockinspect demo serial-blocked --hold` \
      shows one

      Looked at: 12 listeners, 340 connections, 2 samples within 1 s.
      Found:     1 notice; `--all` shows it.
      Not seen:  owners: permission denied; run as root.

      """.split(separator: "\n", omittingEmptySubsequences: false)
    for (line, wanted) in zip(lines.suffix(end.count), end) { #expect(line == wanted) }
  }

  @Test("a table that was not read leaves the answer open; what changes nothing is not shown")
  func unread() {
    let table = Gap(.sockets, missing: "tcp sockets", reason: "no", isWholeTable: true)
    let report = MadeDiagnosis.report([], gaps: [table])
    #expect(report.isUndecided)
    let text = MadeDiagnosis.text(report)
    #expect(text.hasPrefix("UNKNOWN   Cannot tell: tcp sockets could not be read, no: "), "\(text)")
    var moot = [Gap(.owners, missing: "owners", reason: "permission denied")]
    moot.setMoot(.owners)
    let calm = MadeDiagnosis.text(MadeDiagnosis.report([], gaps: moot))
    #expect(calm.hasPrefix("OK        Nothing wrong: "), "\(calm)")
    #expect(!calm.contains("Not seen"), "\(calm)")
  }

  @Test("several namespaces are counted, and those left out are in the line that says OK")
  func namespaces() {
    let gap = Gap(
      .namespaces, missing: "2 other network namespaces", reason: "permission denied",
      remedy: "run as root")
    var diagnosis = MadeDiagnosis.diagnosis([], gaps: [gap])
    diagnosis.scope.namespaces = 3
    let report = DiagnosisReport(diagnosis, head: MadeDiagnosis.head, target: nil)
    #expect(
      report.verdict == """
        Nothing wrong, as far as could be seen: 12 listeners, 340 connections in 3 network \
        namespaces, 2 samples within 1 s; not looked at: 2 other network namespaces.
        """)
    diagnosis.scope.namespaces = 1
    diagnosis.gaps = []
    #expect(
      DiagnosisReport(diagnosis, head: MadeDiagnosis.head, target: nil).verdict
        == "Nothing wrong: 12 listeners, 340 connections, 2 samples within 1 s.")
  }

  @Test("that nothing listens at the target is the headline, before other notices")
  func notListening() throws {
    let kind = try #require(FindingKind.named("not-listening"))
    let finding = Finding(kind, .notice, "Nothing listens at :80", about: .host)
    let report = MadeDiagnosis.report([MadeDiagnosis.notice, finding], target: ":80")
    #expect(report.headline?.cause.id == "not-listening")
    let text = MadeDiagnosis.text(report)
    #expect(text.hasPrefix("NOTICE    Nothing listens at :80.\n"))
    #expect(text.contains("1 notice; `--all`"))
    // What is wrong comes first all the same.
    let worse = MadeDiagnosis.report([finding, MadeDiagnosis.blocked()], target: ":80")
    #expect(worse.headline?.cause.id == "server-blocked")
    #expect(MadeDiagnosis.text(worse).contains("\nNOTICE    Nothing listens at :80."))
  }

  @Test("no line is wider than the screen, but for a word that is", arguments: [40, 60, 80, 100])
  func width(_ width: Int) {
    let cause = MadeDiagnosis.blocked()
    let report = MadeDiagnosis.report([cause, MadeDiagnosis.full(because: cause)])
    let text = MadeDiagnosis.text(report, width: width, all: true, evidence: true)
    let long = text.split(separator: "\n").filter { $0.count > width }
    // What stands between backquotes is one word.
    #expect(long.allSatisfy { $0.contains("`sockinspect ") }, "\(long)")
    #expect(text.contains("\n          → python3 (pid 3040)"), "\(text)")
    #expect(text.hasPrefix("CRITICAL  127.0.0.1:9000"))
    #expect(text.contains("          accept queue: 6 connections"))
  }

  @Test("colours are for those who want them, and say nothing that a word does not")
  func colour() {
    let report = MadeDiagnosis.report([MadeDiagnosis.blocked()])
    let coloured = MadeDiagnosis.text(report, colour: true)
    #expect(coloured.hasPrefix("\u{1b}[1;31mCRITICAL\u{1b}[0m  127.0.0.1:9000"))
    #expect(!MadeDiagnosis.text(report).contains("\u{1b}"))
    let plain = coloured.replacing(/\u{1b}\[[0-9;]*m/, with: "")
    #expect(plain == MadeDiagnosis.text(report).replacing("`", with: ""))
  }

  @Test("a healthy host gets one line, and a count of notices")
  func healthy() {
    #expect(
      MadeDiagnosis.text(MadeDiagnosis.report([]))
        == "OK        Nothing wrong: 12 listeners, 340 connections, 2 samples within 1 s.\n")
    let noticed = MadeDiagnosis.report([MadeDiagnosis.notice], target: ":9000")
    #expect(
      MadeDiagnosis.text(noticed) == """
        OK        Nothing wrong with :9000: 12 listeners, 340 connections, 2 samples within 1 s.
        Found:     1 notice; `--all` shows it.

        """)
    #expect(
      MadeDiagnosis.text(noticed, all: true).contains(
        "\n\nNOTICE    the backlog of 127.0.0.1:9000 is 5.\n"))
    let partly = MadeDiagnosis.report([], gaps: [Gap(missing: "x", reason: "y")])
    #expect(partly.verdict.hasPrefix("Nothing wrong, as far as could be seen: "))
  }

  @Test("in brief it is a line for each root cause, and nothing else")
  func brief() {
    let cause = MadeDiagnosis.blocked()
    let report = MadeDiagnosis.report(
      [cause, MadeDiagnosis.full(because: cause), MadeDiagnosis.notice, MadeDiagnosis.other])
    let page = TextPage(width: nil, palette: Palette(isColoured: false))
    let text = written {
      DiagnosisText(page: page, showsAll: false, showsEvidence: false, isBrief: true)
        .append(report, to: &$0)
    }
    #expect(
      text == """
        CRITICAL  127.0.0.1:9000 answers no one: its only accepting thread has been waiting 62 s \
        for one silent client.
        WARNING   client (pid 77) is slow.

        """)
  }

  @Test("several causes begin with a table that fits the screen, and end with the counts")
  func summary() {
    let cause = MadeDiagnosis.blocked()
    let report = MadeDiagnosis.report(
      [cause, MadeDiagnosis.full(because: cause), MadeDiagnosis.other, MadeDiagnosis.notice])
    let text = MadeDiagnosis.text(report, width: 80)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(
      lines.prefix(7).map(String.init) == [
        "CRITICAL  2 root causes: 1 critical, 1 warning",
        "",
        "Severity  Where            Clients  Since  Cause",
        "CRITICAL  127.0.0.1:9000         -   62 s  python3 (pid 3040) waits for a client",
        "                                           at 192.0.2.1 that is silent",
        "WARNING   client (pid 77)        -      -  The peer does not read what it is",
        "                                           sent",
      ])
    #expect(
      text.hasSuffix(
        "Found:     2 root causes: 1 critical, 1 warning; 1 notice; `--all` shows it.\n"))
    // In a pipe the same rows, each on one line.
    let piped = MadeDiagnosis.text(report).split(separator: "\n")
    #expect(piped[0].hasPrefix("CRITICAL  127.0.0.1:9000 answers no one: "))
    #expect(piped[0].hasSuffix("(and 1 other cause of trouble)."))
    #expect(piped[1] == "2 root causes: 1 critical, 1 warning.")
    #expect(piped[3].hasSuffix("python3 (pid 3040) waits for a client at 192.0.2.1 that is silent"))
    // One cause needs no table: its headline is the summary.
    #expect(!MadeDiagnosis.text(MadeDiagnosis.report([cause])).contains("Severity"))
  }

  @Test("where the locale has only ASCII, so has the text")
  func ascii() {
    let report = MadeDiagnosis.report([MadeDiagnosis.blocked(command: "naïve")])
    let page = TextPage(
      width: nil, palette: Palette(isColoured: false), style: TextStyle(isUnicode: false))
    let text = written {
      DiagnosisText(page: page, showsAll: true, showsEvidence: true).append(report, to: &$0)
    }
    #expect(text.utf8.allSatisfy { $0 < 0x80 })
    #expect(text.contains("clients -> demo-front (pid 12)") && text.contains("na?ve (pid 3040)"))
  }

  @Test("one of something is told as one, and a kind of fact once unless all are asked for")
  func units() {
    var finding = MadeDiagnosis.blocked()
    finding.evidence = [1, 2].map {
      Evidence("busy", $0, unit: "worker processes", source: "x")
    }
    let report = MadeDiagnosis.report([finding])
    #expect(
      MadeDiagnosis.text(report).contains(
        "Seen    busy: 1 worker process (x) · 1 more with `--evidence`\n"))
    #expect(
      MadeDiagnosis.text(report, evidence: true).contains("busy: 2 worker processes (x)\n"))
    finding.evidence = [Evidence("age", 1, unit: "ms", source: "x")]
    #expect(MadeDiagnosis.text(MadeDiagnosis.report([finding])).contains("age: 1 ms (x)"))
  }

  @Test("what is not certain is said")
  func confidence() {
    var finding = MadeDiagnosis.blocked()
    finding.confidence = .likely
    #expect(MadeDiagnosis.text(MadeDiagnosis.report([finding])).contains("likely, not certain"))
    finding.confidence = .certain
    #expect(!MadeDiagnosis.text(MadeDiagnosis.report([finding])).contains("not certain"))
  }

  @Test("names that attack the terminal are harmless, and begin no line")
  func hostile() {
    let name = "\u{1b}[2J\u{202e}a\nCRITICAL  b\u{7}"
    var finding = MadeDiagnosis.blocked(command: name)
    finding.title = "\(name) is slow"
    finding.check = ["cat /tmp/\(name)"]
    finding.remedy = ["end \(name)"]
    let report = MadeDiagnosis.report(
      [finding], gaps: [Gap(missing: name, reason: name)], target: name)
    for width in [nil, 60] {
      let text = MadeDiagnosis.text(report, width: width, evidence: true)
      #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x202E })
      #expect(text.components(separatedBy: "\nCRITICAL").count == 1)
    }
  }

  @Test("a long list of gaps is cut short, and says so")
  func gaps() {
    let gaps = (1...20).map { Gap(missing: "thing \($0)", reason: "denied") }
    let text = MadeDiagnosis.text(MadeDiagnosis.report([], gaps: gaps))
    #expect(text.hasSuffix("Not seen:  and 12 more; --json lists them all.\n"))
  }
}
