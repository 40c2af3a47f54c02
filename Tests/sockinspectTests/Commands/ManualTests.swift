import CStart
import Foundation
import ProcNet
import Testing

@testable import sockinspect

/// The manual, the help and the program know the same options, commands and columns.
@Suite struct ManualTests {
  private static let page = ManualPage.sockinspect
  private static let commands = CommandList.all.map(\.name)

  @Test("each command has a page, and each page of section 1 is a command's or the overview")
  func pages() {
    let expected = Self.commands.map { "sockinspect-\($0).1" } + ["sockinspect.1"]
    #expect(ManualPage.files.filter { $0.hasSuffix(".1") } == expected.sorted())
  }

  @Test("the program carries all pages along, as they are in man/")
  func embedded() {
    #expect(ManualPages.all.map(\.file).sorted() == ManualPage.files)
    for page in ManualPages.all {
      #expect(page.text == ManualPage(file: page.file).text, "\(page.file)")
    }
    #expect(sockinspect_page_name(-1) == nil && sockinspect_page_text(1000) == nil)
  }

  @Test("a page is found by its short name, by its whole name, and as texts write it")
  func names() {
    for word in [
      "filter", "sockinspect-filter", "filter.7", "sockinspect-filter.7", "sockinspect-filter(7)",
    ] {
      #expect(ManualPages.named(word)?.file == "sockinspect-filter.7", "\(word)")
    }
    #expect(ManualPages.named("why")?.file == "sockinspect-diagnose.1")
    #expect(ManualPages.named("sockinspect")?.file == "sockinspect.1")
    for word in ["filter.1", "sockinspect-", "", ".1", "socket"] {
      #expect(ManualPages.named(word) == nil, "\(word)")
    }
    #expect(
      ManualPages.unknown("filtr").message == "unknown manual page 'filtr'; did you mean filter?")
    #expect(ManualPages.unknown("sockinspect-jsn").message.hasSuffix("mean sockinspect-json?"))
  }

  @Test("the page of a command begins with what people look for", arguments: commands)
  func order(command: String) {
    let page = ManualPage(command: command)
    #expect(
      page.sections.prefix(4) == ["NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLES"], "\(page.sections)"
    )
    #expect(page.sections.contains("EXIT STATUS") && page.sections.contains("SEE ALSO"))
    #expect(page.part("Sh", "EXAMPLES").contains { $0.hasPrefix(".Dl $ ") })
    #expect(page.part("Sh", "SYNOPSIS").contains(".Cm \(command)") || command == "list")
  }

  @Test("the page of a command describes its options, each once, and no other", arguments: commands)
  func options(command: String) throws {
    let described = ManualPage.items(ManualPage(command: command).part("Sh", "OPTIONS"), "Fl")
    let there = try #require(CommandList.named(command)).options.map(\.title)
    #expect(described.sorted() == there.sorted())
  }

  @Test("sockinspect(1) describes what is common to the commands that read")
  func commonOptions() {
    let described = ManualPage.items(Self.page.part("Sh", "COMMON OPTIONS"), "Fl")
    let common = Option<ListArguments>.common.map { OptionDescription($0).title }
    #expect(described.sorted() == common.sorted())
  }

  @Test("the page of listen describes every column, and no other")
  func listenColumns() {
    let described = ManualPage.items(ManualPage(command: "listen").part("Sh", "COLUMNS"), "Cm")
    #expect(described.sorted() == ColumnSet.listeners.all.map(\.name).sorted())
  }

  @Test("the page of counters describes every column in the words of --list-columns")
  func counterColumns() {
    let part = ManualPage(command: "counters").part("Sh", "COLUMNS")
    let described = part.enumerated().filter { $0.element.hasPrefix(".It Cm ") }.map {
      index, line in
      "\(line.dropFirst(7)): \(part[index + 1])"
    }
    let shown = ColumnSet.counters.all.map { column in
      let text = column.meaning.prefix(1).uppercased() + column.meaning.dropFirst()
      return "\(column.name): \(ManualText.escaped(text))."
    }
    #expect(described == shown)
  }

  @Test("the page of findings is the one that their texts make")
  func findings() {
    #expect(
      ManualPage.findings.lines == FindingsManual.text.split(separator: "\n").map(String.init),
      "make it with: sockinspect explain --manual")
  }

  @Test("sockinspect(1) lists every command and refers to every page")
  func everyCommand() {
    let described = ManualPage.items(Self.page.part("Sh", "DESCRIPTION"), "Cm")
    #expect(described == Self.commands)
    let references = Self.page.part("Sh", "SEE ALSO").filter { $0.hasPrefix(".Xr sockinspect-") }
      .map { $0.split(separator: " ")[1...2].joined(separator: ".") }
    #expect(references.sorted() == ManualPage.files.filter { $0 != "sockinspect.1" })
  }

  private static let list = ManualPage(command: "list")

  /// Names behind `.It Cm` in FIELDS.
  private static let fields = ManualPage.items(list.part("Sh", "FIELDS"), "Cm")
    .flatMap { $0.split(separator: " ").map { $0.filter { $0 != "," } } }
    .filter { !$0.isEmpty }

  @Test("the page of list describes every column but those of tcp_info, and no other")
  func columns() {
    let tcp = Set(SocketColumns.tcp.map(\.name))
    #expect(
      Self.fields.sorted()
        == ColumnSet.sockets.all.map(\.name).filter { !tcp.contains($0) }.sorted())
  }

  @Test("the columns of tcp_info that the manual takes for examples exist")
  func tcpColumns() {
    let names = Self.list.part("Ss", "The fields of tcp_info")
      .filter { $0.hasPrefix(".Cm ") }.flatMap { $0.dropFirst(4).split(separator: " , ") }
    #expect(names.count >= 4)
    for name in names { #expect(ColumnSet.sockets[String(name)] != nil, "\(name)") }
  }

  @Test("sockinspect(1) names every exit status there is")
  func statuses() {
    let described = Self.page.part("Sh", "EXIT STATUS").filter { $0.hasPrefix(".It ") }
    let there: [sockinspect.ExitStatus] = [.done, .failed, .incomplete, .usage]
    #expect(described == there.map { ".It \($0.rawValue)" })
  }

  @Test("the page of diagnose names every exit status of it")
  func diagnoseStatuses() {
    let described = ManualPage(command: "diagnose").part("Sh", "EXIT STATUS")
      .filter { $0.hasPrefix(".It ") }
    let there: [sockinspect.ExitStatus] = [.done, .warning, .critical, .couldNotTell, .usage]
    #expect(described == there.map { ".It \($0.rawValue)" })
  }

  @Test("the page of list explains every ownership")
  func ownerships() {
    let described = Self.list.part("Sh", "FIELDS").filter { $0.hasPrefix(".It Li ") }
    #expect(described.map { String($0.dropFirst(7)) } == Ownership.allCases.map(\.rawValue))
  }
}

/// Pages as text for a screen, where there is no man(1).
@Suite struct ManualScreenTests {
  private static let pages = ManualPages.all.map(\.file)
  private static let mandoc = ["/usr/bin/mandoc", "/bin/mandoc", "/usr/local/bin/mandoc"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  private static func text(
    _ file: String, width: Int = 78, isColoured: Bool = false, isUnicode: Bool = true
  ) -> String {
    ManualScreen(
      width: width, palette: Palette(isColoured: isColoured),
      characters: TextStyle(isUnicode: isUnicode)
    ).text(of: ManualPage(file: file).text)
  }

  /// What mandoc makes of a page, without its heading and its last line.
  private static func formatted(_ file: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(mandoc))
    let page = CourseTests.root.appendingPathComponent("man/\(file)").path
    process.arguments = ["-T", "utf8", "-O", "width=78", page]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    return lines.dropFirst().dropLast().joined(separator: "\n").replacing(/.\x08/, with: "")
  }

  /// Lines are broken and indented differently.
  private static func letters(_ text: String) -> String { text.filter { !$0.isWhitespace } }

  @Test(
    "every page says what mandoc says", .enabled(if: mandoc != nil, "needs mandoc"),
    arguments: pages)
  func saysTheSame(file: String) throws {
    let ours = Array(Self.letters(Self.text(file)))
    let other = Array(Self.letters(try Self.formatted(file)))
    guard ours != other else { return }
    let place = zip(ours, other).prefix { $0 == $1 }.count
    let around = max(0, place - 40)..<(place + 40)
    Issue.record(
      """
      \(file): '\(String(ours[around.clamped(to: ours.indices)]))', mandoc has \
      '\(String(other[around.clamped(to: other.indices)]))'
      """)
  }

  @Test("a page uses no macro that the screen does not know", arguments: pages)
  func macros(file: String) {
    let unknown = ManualPage(file: file).lines
      .filter { $0.hasPrefix(".") && !$0.hasPrefix(".\\\"") }
      .map { String($0.dropFirst().prefix { $0 != " " }) }
      .filter { !ManualScreen.macros.contains($0) }
    #expect(unknown == [])
  }

  @Test("text fits the width, but for single words and examples", arguments: pages)
  func width(file: String) {
    // Where each word has a line of its own, examples and long labels are what is left whole.
    let whole = Set(Self.text(file, width: 1).split(separator: "\n"))
    for width in [60, 78, 100] {
      for line in Self.text(file, width: width).split(separator: "\n") where line.count > width {
        let isWord = !line.drop { $0 == " " }.contains(" ")
        #expect(isWord || whole.contains(line), "\(width): \(line)")
      }
    }
  }

  @Test("without UTF-8 a page is ASCII, and without colour it has no escape", arguments: pages)
  func plain(file: String) {
    let text = Self.text(file, isUnicode: false)
    #expect(text.utf8.allSatisfy { $0 == 10 || (32..<127).contains($0) })
  }

  @Test("headings and what is typed are bold, what stands for something else is underlined")
  func faces() {
    let text = Self.text("sockinspect-listen.1", isColoured: true)
    #expect(text.hasPrefix("\u{1b}[1mNAME\u{1b}[0m\n"))
    #expect(text.contains("\u{1b}[1m--interval\u{1b}[0m \u{1b}[4mSECONDS\u{1b}[0m"))
  }
}
