import Foundation
import Testing

extension DiagnosesEndToEnd {
  /// What a person sees of a diagnosis: on a terminal, in a pager, in a browser.
  @Suite("A diagnosis on a screen")
  struct DiagnosePages {
    private let folder: TemporaryFolder
    private let recording = "\(Package.root)/Tests/Recordings/demo-upstream-chain.recording"

    init() throws { folder = try TemporaryFolder() }

    private func shown(
      _ words: [String], columns: Int = 80, lines: Int = 24, environment: [String: String] = [:]
    ) throws -> String {
      try Terminal.shows(
        [Product.sockinspect] + words, columns: columns, lines: lines, environment: environment)
    }

    @Test(
      "goes through the pager when it is longer than the screen", .enabled(if: Tool.has("python3")))
    func pager() throws {
      let file = "\(folder.path)/page"
      let pager = ["PAGER": "cat > '\(file)'", "TERM": "xterm"]
      let words = ["diagnose", "--from", recording, "--color", "never"]
      let whole = try shown(words + ["--no-pager"], environment: pager)
      #expect(whole.contains("Looked at:") && !FileManager.default.fileExists(atPath: file))
      #expect(try shown(words, environment: pager) == "")
      #expect(try String(contentsOfFile: file, encoding: .utf8) == whole)
      try FileManager.default.removeItem(atPath: file)
      // What fits needs none, and a pipe never gets one.
      #expect(try shown(words, lines: 200, environment: pager) == whole)
      #expect(try shown(words, environment: ["PAGER": "", "TERM": "xterm"]) == whole)
      #expect(
        try Program(words: [Product.sockinspect] + words, environment: pager).run().text != "")
      #expect(!FileManager.default.fileExists(atPath: file))
    }

    @Test(
      "no line is wider than the terminal, no word is broken", .enabled(if: Tool.has("python3")),
      arguments: [80, 100, 132])
    func width(_ columns: Int) throws {
      let words = ["diagnose", "--all", "--evidence", "--no-pager", "--from", recording]
      let text = try shown(words, columns: columns).replacing(/\u{1b}\[[0-9;]*m/, with: "")
      for line in text.split(separator: "\n") where line.count > columns {
        // What stands between backquotes is one word.
        #expect(line.contains("`sockinspect "), "\(line)")
      }
      let narrow = try shown(words, columns: 200, environment: ["COLUMNS": "\(columns)"])
      #expect(narrow.replacing(/\u{1b}\[[0-9;]*m/, with: "") == text)
    }

    @Test("is plain where that is asked for", .enabled(if: Tool.has("python3")))
    func plain() throws {
      let words = ["diagnose", "--all", "--no-pager", "--from", recording]
      #expect(try shown(words, environment: ["TERM": "xterm"]).contains("\u{1b}["))
      for environment in [["NO_COLOR": "1", "TERM": "xterm"], ["TERM": "dumb"]] {
        #expect(!(try shown(words, environment: environment)).contains("\u{1b}"))
      }
      let ascii = try shown(words, environment: ["LC_ALL": "C", "TERM": "dumb"])
      #expect(ascii.utf8.allSatisfy { $0 < 0x80 } && ascii.contains("-> "))
    }

    @Test(
      "as a page opens in a browser, with the cause in red",
      .enabled(if: Tool.has("chromium"), "needs chromium"))
    func browser() throws {
      let page = "\(folder.path)/page.html"
      let made = Program(
        words: [Product.sockinspect, "diagnose", "--format", "html", "--from", recording])
      try made.run().output.withUnsafeBytes { try Data($0).write(to: URL(fileURLWithPath: page)) }
      let opened = try Program(
        words: [
          "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
          "--user-data-dir=\(folder.path)/profile", "file://\(page)",
        ], environment: ["HOME": folder.path]
      ).run()
      let root = #/<rect class="box critical"[^>]*>/#
      #expect(opened.text.matches(of: root).count == 1, "\(opened)")
      #expect(opened.text.contains("demo-prefork-1") && opened.text.contains("<svg"))
    }
  }
}
