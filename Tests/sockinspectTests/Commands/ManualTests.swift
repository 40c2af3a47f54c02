import ProcNet
import Testing

@testable import sockinspect

/// The manual, the help and the program know the same options, commands and columns.
@Suite struct ManualTests {
  private static let page = ManualPage.sockinspect

  @Test("the manual describes every option of list, and no other")
  func listOptions() {
    let own = Set(Self.page.part("Ss", "Options of listen"))
    let described = ManualPage.items(
      Self.page.part("Sh", "OPTIONS").prefix { $0 != ".Ss Options of listen" }.map { $0 }, "Fl")
    #expect(!own.isEmpty)
    #expect(described.sorted() == CommandList.list.options.map(\.title).sorted())
  }

  @Test("the manual describes every option of record, and no other")
  func recordOptions() {
    let described = ManualPage.items(Self.page.part("Ss", "Options of record"), "Fl")
    #expect(described.sorted() == CommandList.record.options.map(\.title).sorted())
  }

  @Test(
    "the manual of the demo commands describes every option, and no other",
    arguments: ["serve", "chat", "load", "demo"])
  func demoOptions(name: String) throws {
    let command = try #require(CommandList.named(name))
    let described = ManualPage.items(ManualPage.serve.part("Ss", "Options of \(name)"), "Fl")
    #expect(described.sorted() == command.options.map(\.title).sorted())
  }

  @Test("the manual describes every option of listen, and no other")
  func listenOptions() {
    let described = ManualPage.items(Self.page.part("Ss", "Options of listen"), "Fl")
    #expect(described.sorted() == CommandList.listen.options.map(\.title).sorted())
  }

  @Test("the manual describes every option of diagnose, and no other")
  func diagnoseOptions() {
    let described = ManualPage.items(Self.page.part("Ss", "Options of diagnose"), "Fl")
    #expect(described.sorted() == CommandList.diagnose.options.map(\.title).sorted())
  }

  @Test("the manual describes every option of metrics, and no other")
  func metricsOptions() {
    let described = ManualPage.items(Self.page.part("Ss", "Options of metrics"), "Fl")
    #expect(described.sorted() == CommandList.metrics.options.map(\.title).sorted())
  }

  @Test("the manual describes every option of watch, and no other")
  func watchOptions() {
    let described = ManualPage.items(Self.page.part("Ss", "Options of watch"), "Fl")
    #expect(described.sorted() == CommandList.watch.options.map(\.title).sorted())
  }

  @Test("the manual describes every option of kill, and no other")
  func killOptions() {
    let described = ManualPage.items(Self.page.part("Ss", "Options of kill"), "Fl")
    #expect(described.sorted() == CommandList.kill.options.map(\.title).sorted())
  }

  @Test("the manual describes every column of listen, and no other")
  func listenColumns() {
    let described = ManualPage.items(Self.page.part("Ss", "Columns of listen"), "Cm")
      .flatMap { $0.split(separator: " ").map { $0.filter { $0 != "," } } }
      .filter { !$0.isEmpty }
    #expect(described.sorted() == ColumnSet.listeners.all.map(\.name).sorted())
  }

  @Test(
    "the manual describes every option of counters and explain, and no other",
    arguments: ["counters", "explain"])
  func counterOptions(name: String) throws {
    let command = try #require(CommandList.named(name))
    let described = ManualPage.items(Self.page.part("Ss", "Options of \(name)"), "Fl")
    #expect(described.sorted() == command.options.map(\.title).sorted())
  }

  @Test("the manual describes every column of counters in the words of --list-columns")
  func counterColumns() {
    let part = Self.page.part("Ss", "Columns of counters")
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

  @Test("no command has options that the manual has no place for")
  func otherCommands() {
    let known = [
      "list", "listen", "diagnose", "watch", "counters", "explain", "metrics", "record", "kill",
      "serve", "chat", "load", "demo",
    ]
    for command in CommandList.all where !known.contains(command.name) {
      #expect(command.options.isEmpty, "\(command.name)")
    }
  }

  @Test("the manual describes every command, and no other")
  func commands() {
    let described = ManualPage.items(Self.page.part("Sh", "COMMANDS"), "Cm")
      .compactMap { $0.split(separator: " ").first.map(String.init) }
    #expect(described == CommandList.all.map(\.name))
  }

  /// Names behind `.It Cm` in FIELDS.
  private static let fields = ManualPage.items(page.part("Sh", "FIELDS"), "Cm")
    .flatMap { $0.split(separator: " ").map { $0.filter { $0 != "," } } }
    .filter { !$0.isEmpty }

  @Test("the manual describes every column but those of tcp_info, and no other")
  func columns() {
    let tcp = Set(SocketColumns.tcp.map(\.name))
    #expect(
      Self.fields.sorted()
        == ColumnSet.sockets.all.map(\.name).filter { !tcp.contains($0) }.sorted())
  }

  @Test("the columns of tcp_info that the manual takes for examples exist")
  func tcpColumns() {
    let names = Self.page.part("Ss", "The fields of tcp_info")
      .filter { $0.hasPrefix(".Cm ") }.flatMap { $0.dropFirst(4).split(separator: " , ") }
    #expect(names.count >= 4)
    for name in names { #expect(ColumnSet.sockets[String(name)] != nil, "\(name)") }
  }

  @Test("the manual names every exit status there is")
  func statuses() {
    let section = Self.page.part("Sh", "EXIT STATUS").prefix { !$0.hasPrefix(".Ss ") }
    let described = section.filter { $0.hasPrefix(".It ") }
    let there: [sockinspect.ExitStatus] = [.done, .failed, .incomplete, .usage]
    #expect(described == there.map { ".It \($0.rawValue)" })
  }

  @Test("the manual names every exit status of diagnose")
  func diagnoseStatuses() {
    let described = Self.page.part("Ss", "Exit status of diagnose").filter {
      $0.hasPrefix(".It ")
    }
    let there: [sockinspect.ExitStatus] = [.done, .warning, .critical, .couldNotTell, .usage]
    #expect(described == there.map { ".It \($0.rawValue)" })
  }

  @Test("the manual explains every ownership")
  func ownerships() {
    let described = Self.page.part("Sh", "FIELDS").filter { $0.hasPrefix(".It Li ") }
    #expect(described.map { String($0.dropFirst(7)) } == Ownership.allCases.map(\.rawValue))
  }
}
