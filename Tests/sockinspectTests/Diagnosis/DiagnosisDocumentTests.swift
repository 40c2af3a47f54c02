@testable import Diagnosis
import Foundation
import ProcNet
import Testing

@testable import sockinspect

/// What programs and tickets get.
@Suite("A diagnosis as JSON and Markdown")
struct DiagnosisDocumentTests {
  private static func json(_ report: DiagnosisReport) -> String {
    written { DiagnosisJSON.append(report, to: &$0) }
  }

  private static func markdown(_ report: DiagnosisReport) -> String {
    written { DiagnosisMarkdown.append(report, all: true, to: &$0) }
  }

  private static func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  /// Everything there can be, some of it hostile.
  static var everything: DiagnosisReport {
    let cause = MadeDiagnosis.blocked(command: "a|b`c\n# d\u{1b}\"<i>")
    var path = Finding(
      .unixBacklogFull, .critical, "x is full",
      about: .listener(SocketName(Socket.unix(.listen, path: "\0abs", inode: 9))),
      confidence: .possible)
    path.evidence = [
      Evidence("n", Int64.min, source: "s").on(Socket.unix(.listen, path: "/a", inode: 9))
    ]
    path.chain = ChainLink.Target.Kind.allCases.map { kind in
      ChainLink(
        process: MadeDiagnosis.process(7, "p"), thread: 8, call: "read",
        waitsFor: ChainLink.Target(kind, "x"))
    }
    let process = Finding(
      .processStopped, .critical, "stopped", about: .process(MadeDiagnosis.process(7, "p")))
    return MadeDiagnosis.report(
      [cause, MadeDiagnosis.full(because: cause), path, process, MadeDiagnosis.notice],
      gaps: [Gap(missing: "m", reason: "r|s", remedy: "root")], target: ":9000")
  }

  @Test("the document tells the story as data")
  func story() throws {
    let document = try Self.object(Self.json(Self.everything))
    let findings = try #require(document["findings"] as? [[String: Any]])
    #expect(
      document["severity"] as? String == "critical" && document["target"] as? String == ":9000")
    #expect(
      findings.map { $0["id"] as? String } == [
        "server-blocked", "accept-queue-full", "unix-backlog-full", "process-stopped",
        "backlog-small",
      ])
    #expect(findings[0]["because"] as? [String] == [] && findings[0]["because_of"] == nil)
    #expect(findings[1]["because"] as? [String] == ["server-blocked"])
    let cause = try #require((findings[1]["because_of"] as? [[String: Any]])?.first)
    let listener = (cause["subject"] as? [String: [String: Any]])?["listener"]
    #expect((listener?["local"] as? [String: Any])?["port"] as? Int == 9000)
    #expect(findings[0]["demo"] as? String == "serial-blocked")
    let host = (findings[4]["subject"] as? [String: [String: Any]])?["host"]
    #expect(host?["name"] as? String == "web1")
    let lone = try #require(findings[2]["evidence"] as? [[String: Any]])
    #expect(lone[0]["value"] as? Int64 == .min && lone[0]["path"] as? String == "/a")
  }

  @Test("evidence says what, of whom, and where from; the chain who waits for whom")
  func evidence() throws {
    let document = try Self.object(Self.json(MadeDiagnosis.report([MadeDiagnosis.blocked()])))
    let findings = try #require(document["findings"] as? [[String: Any]])
    let evidence = try #require(findings[0]["evidence"] as? [[String: Any]])
    #expect(evidence[0]["value"] as? String == "recvfrom" && evidence[0]["tid"] as? Int == 3041)
    #expect(evidence[0]["pid"] as? Int == 3040 && evidence[0]["fd"] as? Int == 4)
    #expect(evidence[1]["value"] as? Int == 6 && evidence[1]["unit"] as? String == "connections")
    #expect(evidence[1]["pid"] == nil && evidence[3]["value"] as? Bool == false)
    #expect((evidence[2]["peer"] as? [String: Any])?["port"] as? Int == 35628)
    let chain = try #require(document["chain"] as? [[String: Any]])
    #expect(chain.count == 2 && chain[0]["since_ms"] as? Int == 62_000)
    let target = try #require(chain[0]["waits_for"] as? [String: Any])
    #expect(target["kind"] as? String == "connection" && target["pid"] as? Int == 3040)
    #expect(target["process"] as? String == "python3" && target["socket"] is [String: Any])
  }

  @Test("every document satisfies share/schema.json")
  func schema() throws {
    let reports = [
      Self.everything, MadeDiagnosis.report([]), MadeDiagnosis.report([MadeDiagnosis.notice]),
    ]
    let list = written {
      FindingListJSON.append(FindingKind.all, MadeDiagnosis.head, to: &$0)
    }
    for text in reports.map(Self.json) + [list] {
      #expect(try Self.complaints(text) == "")
    }
  }

  /// What a validator says; nothing where there is none, which EndToEndTests tell aloud.
  private static func complaints(_ document: String) throws -> String {
    let program = """
      import json, sys
      try: import jsonschema
      except ImportError: sys.exit(0)
      schema = json.load(open(sys.argv[1], encoding="utf-8"))
      document = json.loads(sys.argv[2])
      for error in list(jsonschema.Draft202012Validator(schema).iter_errors(document))[:5]:
          print(error.json_path, error.message[:300])
      """
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c", program, CourseTests.root.appendingPathComponent("share/schema.json").path,
      document,
    ]
    process.standardOutput = output
    try process.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: said, as: UTF8.self)
  }

  @Test("a ticket has the verdict, the evidence as a table, the chain and the commands")
  func ticket() {
    let text = Self.markdown(MadeDiagnosis.report([MadeDiagnosis.blocked()]))
    #expect(text.hasPrefix("# CRITICAL: 127.0.0.1:9000 answers no one: "))
    #expect(text.contains("- Host: web1, Linux 6.18.0\n- Time: 2026-11-23T03:22:47.123Z\n"))
    #expect(
      text.contains(
        "| system call | recvfrom | pid 3040, thread 3041, fd 4 | `/proc/3040/syscall` |\n"))
    #expect(text.contains("| bytes | -1 | 127.0.0.1:9000 with peer 127.0.0.1:35628 | `a \\| b` |"))
    #expect(
      text.contains(
        "1. clients\n2. demo-front (pid 12) at 127.0.0.1:9000, recvfrom fd 4 for 62 s\n"))
    #expect(text.contains("```sh\nss -ltn 'sport = :9000'\ncat /proc/3040/syscall\n```\n"))
  }

  @Test("names are no markup: bars, backquotes, newlines, tags")
  func escapes() {
    #expect(MarkdownText.plain("a|b`c*d_e<i>\n# x") == ##"a\|b\`c\*d\_e\<i\>\\x0a\# x"##)
    #expect(MarkdownText.code("a``b|c\n") == #"```a``b\|c\x0a```"#)
    #expect(MarkdownText.code("`a") == "`` `a ``")
    #expect(MarkdownText.prose("call `listen(2)` a|b") == #"call `listen(2)` a\|b"#)
    #expect(MarkdownText.codeLine("```\nx") == " ```\\x0ax")
    let text = Self.markdown(Self.everything)
    #expect(!text.contains("\n# d") && text.contains(#"\<i\>"#) && !text.contains("\u{1b}"))
    var columns: Int?
    for row in text.split(separator: "\n", omittingEmptySubsequences: false) {
      guard row.hasPrefix("|") else {
        columns = nil
        continue
      }
      let count = row.replacing("\\|", with: "").count { $0 == "|" }
      #expect(count == columns ?? count, "\(row)")
      columns = count
    }
  }
}
