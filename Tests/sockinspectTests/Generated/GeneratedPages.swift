import Foundation
import Testing

@testable import sockinspect

/// The pages and the schema that are made from the descriptions of commands, options, columns, keys,
/// findings and lessons. With WRITE_PAGES=1 they are written instead of compared; `scripts/pages` does that.
@Suite("Generated pages")
struct GeneratedPages {
  private static let isWriting = ProcessInfo.processInfo.environment["WRITE_PAGES"] == "1"

  @Test(
    "each is what the descriptions make",
    arguments: ManualPage.files.map { "man/\($0)" } + ["share/schema.json"])
  func isUpToDate(path: String) throws {
    let file = CourseTests.root.appendingPathComponent(path)
    let present = try String(contentsOf: file, encoding: .utf8)
    let made = try Self.made(path, from: present)
    if made == present { return }
    if Self.isWriting {
      try made.write(to: file, atomically: true, encoding: .utf8)
    } else {
      let difference = Self.difference(present, made)
      Issue.record("\(path) differs from what scripts/pages would write, in \(difference)")
    }
  }

  private static func made(_ path: String, from present: String) throws -> String {
    switch path {
    case "share/schema.json": SchemaText.text
    case "man/sockinspect-findings.7": FindingsManual.text
    case "man/sockinspect-demos.7": CourseManual.text
    default: try ManualParts(page: present).filled
    }
  }

  private static func difference(_ old: String, _ new: String) -> String {
    let old = old.split(separator: "\n", omittingEmptySubsequences: false)
    let new = new.split(separator: "\n", omittingEmptySubsequences: false)
    let same = zip(old, new).prefix { $0 == $1 }.count
    return "line \(same + 1): '\(same < new.count ? new[same] : "")'"
  }

  @Test("a page may name only what there is")
  func unknown() {
    for mark in [
      "columns of list: recv-queue", "keys of sokcet", "keys of gap: kidn", "rows",
      "options of lisst", "options of list: tpc", "common options of all",
      "words of serve: Servers",
    ] {
      let page = ".\\\" generated: \(mark)\n.\\\" generated: end\n"
      #expect(throws: ManualParts.UnknownName.self, "\(mark)") {
        try ManualParts(page: page).filled
      }
    }
    #expect(throws: ManualParts.UnknownName.self) {
      try ManualParts(page: ".\\\" generated: keys of gap\n").filled
    }
  }

  @Test("each command that writes JSON is one that the schema knows, and no other")
  func commandsOfJSON() {
    let writing = CommandList.all.filter { command in
      command.options.contains { $0.names.contains("json") }
    }.map(\.name)
    let known = [JSONObject.document, .loadReport].flatMap { object in
      object.keys.filter { $0.name == "command" }.flatMap { key -> [String] in
        switch key.type {
        case .word(let words): words
        case .constant(let word): [word]
        default: []
        }
      }
    }
    #expect(writing.sorted() == known.sorted())
  }

  @Test("what is between the marks is replaced, what is around them stays")
  func marks() throws {
    let page = """
      .Ss Ends
      .\\" generated: keys of endpoint
      old text
      .\\" generated: end
      behind

      """
    let filled = try ManualParts(page: page).filled
    #expect(
      filled == """
        .Ss Ends
        .\\" generated: keys of endpoint
        .Bl -tag -width address -compact
        .It Va address
        IPv4 or IPv6 address without brackets.
        .It Va port
        Port; of raw sockets the IP protocol.
        .El
        .\\" generated: end
        behind

        """)
    #expect(try ManualParts(page: filled).filled == filled)
  }

  @Test("what people have added to an option is kept, and not lost with the option")
  func addedText() throws {
    let page = """
      .\\" generated: options of help: man no-pager
      .Bl -tag -width Ds
      .It Fl -no-pager
      Outdated.
      .\\" and:
      It has a list:
      .Bl -bullet
      .It
      of one item.
      .El
      .El
      .\\" generated: end

      """
    let filled = try ManualParts(page: page).filled
    let names = filled.split(separator: "\n").filter { $0.hasPrefix(".It Fl") }
    #expect(names == [".It Fl -man", ".It Fl -no-pager"])
    #expect(filled.contains(".\\\" and:\nIt has a list:\n.Bl -bullet\n.It\nof one item.\n.El\n.El"))
    #expect(!filled.contains("Outdated"))
    #expect(try ManualParts(page: filled).filled == filled)
    #expect(throws: ManualParts.UnknownName.self) {
      try ManualParts(page: page.replacing("-no-pager\nOut", with: "-pager\nOut")).filled
    }
  }

  @Test("what roff would read as its own comes out as it was written")
  func escapes() {
    #expect(ManualText.paragraph(".TH is a line.") == "\\&.TH is a line.\n")
    #expect(ManualText.paragraph("'x' a-b \\x1b ~^") == "\\(aqx\\(aq a\\-b \\ex1b \\(ti\\(ha\n")
    #expect(ManualText.paragraph("One. Two.") == "One.\nTwo.\n")
    #expect(ManualText.paragraph("as `6/5`.") == "as\n.Ql 6/5 .\n")
    #expect(ManualText.paragraph("see `tcp(7)`") == "see\n.Xr tcp 7\n")
    #expect(ManualText.paragraph("×6 … “x”") == "\\[mu]6 \\[u2026] \\(lqx\\(rq\n")
    // Words of two or three letters are macros where they are called.
    #expect(ManualText.argument("Do") == "\\&Do" && ManualText.argument("Pq") == "\\&Pq")
    #expect(ManualText.argument("Tcp") == "Tcp" && ManualText.argument("a b") == "\"a b\"")
    #expect(ManualText.argument(".") == "\\&.")
    let long = ManualText.paragraph(Array(repeating: "word", count: 40).joined(separator: " "))
    #expect(long.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test("a phrase becomes a sentence, but a name keeps its spelling")
  func sentences() {
    #expect(Prose.sentence("unix: the bound name") == "Unix: the bound name.")
    #expect(Prose.sentence("tcp_info: numbers") == "tcp_info: numbers.")
    #expect(Prose.sentence("sockinspect/1; it grows") == "sockinspect/1; it grows.")
  }
}
