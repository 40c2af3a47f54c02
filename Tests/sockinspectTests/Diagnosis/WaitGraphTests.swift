@testable import Diagnosis
import Foundation
import FoundationXML
import ProcNet
import Testing

@testable import sockinspect

/// The chain from the clients to the root cause, as every format draws it.
@Suite("The drawn wait chain")
struct WaitGraphTests {
  /// A front that waits for an application that waits for a database whose lock a client holds.
  private static func upstreamChain() throws -> DiagnosisReport {
    var arguments = DiagnoseArguments()
    arguments.common.recording = RecordedCase.path("demo-upstream-chain.recording")
    return try DiagnoseCommand.answer(arguments).report
  }

  private static let formats: [(name: String, write: @Sendable (DiagnosisReport) -> String)] = [
    ("text", { MadeDiagnosis.text($0) }),
    ("a narrow terminal", { MadeDiagnosis.text($0, width: 60) }),
    ("json", { report in written { DiagnosisJSON.append(report, to: &$0) } }),
    ("markdown", { report in written { DiagnosisMarkdown.append(report, all: false, to: &$0) } }),
    ("dot", { report in written { DiagnosisDOT.append(report, to: &$0) } }),
    ("svg", { report in written { DiagnosisSVG.append(report, to: &$0) } }),
    ("html", { report in written { DiagnosisHTML.append(report, all: false, to: &$0) } }),
  ]

  @Test("names front, application, database and the client with the lock, with ports and pids")
  func whole() throws {
    let report = try Self.upstreamChain()
    let group = try #require(report.roots.first)
    let stations = try #require(DrawnChain(group)).stations
    #expect(stations.first?.key == "clients" && stations.count(where: \.isRoot) == 1)
    #expect(stations.last?.isRoot == true && stations.last?.notes == ["silent"])
    let servers = stations.filter { $0.key.hasPrefix("pid ") && $0.place != nil }
    #expect(
      servers.map { $0.name.prefix { $0 != " " } } == [
        "demo-prefork-1", "demo-pool", "demo-thread",
      ])
    for format in Self.formats {
      // Lines of a narrow terminal and of a box are broken between words.
      let text = Self.words(format.write(report))
      for station in stations where station.key != "clients" {
        let name = Self.words(station.name)
        let isThere = text.contains(name) || format.name == "json"
        #expect(isThere, "\(station.name) in \(format.name):\n\(text)")
        for number in station.name.split(whereSeparator: { !$0.isNumber }) where number.count > 2 {
          #expect(text.contains(number), "\(number) in \(format.name)")
        }
        if let place = station.place {
          #expect(text.contains(place), "\(place) in \(format.name)")
        }
      }
    }
  }

  /// Without what breaks lines and without markup.
  private static func words(_ text: String) -> String {
    text.replacing(/<\/?[a-z][^>]*>/, with: " ").replacing("\\n", with: " ")
      .replacing(/\\([\-(_)])/) { $0.output.1 }
      .split(whereSeparator: { $0 == " " || $0 == "\n" }).joined(separator: " ")
  }

  @Test("of a process with a lock it names the thread that waits and the one that has it")
  func lock() throws {
    let group = try #require(try Self.upstreamChain().roots.first)
    let stations = try #require(DrawnChain(group)).stations
    let owner = try #require(stations.first { $0.name.hasPrefix("thread ") })
    #expect(owner.notes.contains("has that lock") && owner.place == nil)
  }

  @Test("clients are counted: requests and connections in the queue")
  func clients() {
    var finding = MadeDiagnosis.blocked()
    finding.waiting = Finding.Waiting(requests: 1, oldest: 62_000)
    var full = MadeDiagnosis.full(because: finding)
    full.waiting = Finding.Waiting(connections: 6, oldest: 2_000)
    let report = MadeDiagnosis.report([finding, full])
    let stations = DrawnChain(report.roots[0])?.stations ?? []
    #expect(stations.first?.text == "clients ×7, 62 s")
    finding.waiting = Finding.Waiting(requests: 1)
    let one = DrawnChain(MadeDiagnosis.report([finding]).roots[0])
    #expect(one?.stations.first?.text == "1 client")
  }

  @Test("without a chain a cause that has a process and a listener is drawn, any other is not")
  func without() {
    let stopped = Finding(
      .processStopped, .critical, "stopped", about: .process(MadeDiagnosis.process(7, "p")))
    let full = MadeDiagnosis.full(because: stopped)
    let stations = DrawnChain(MadeDiagnosis.report([stopped, full]).roots[0])?.stations ?? []
    #expect(
      stations.map(\.text) == ["clients", "p (pid 7) at 127.0.0.1:9000, the process is stopped"])
    #expect(DrawnChain(MadeDiagnosis.report([MadeDiagnosis.other]).roots[0]) == nil)
  }

  @Test("a picture and a page are well-formed whatever names say, and load nothing")
  func hostile() throws {
    let report = DiagnosisDocumentTests.everything
    let svg = written { DiagnosisSVG.append(report, to: &$0) }
    let parser = XMLParser(data: Data(svg.utf8))
    #expect(parser.parse(), "\(String(describing: parser.parserError)) in \(svg)")
    let html = written { DiagnosisHTML.append(report, all: true, to: &$0) }
    for text in [svg, html] {
      #expect(!text.contains("<i>") && !text.contains("\u{1b}") && !text.contains("<script"))
      #expect(!text.replacing("http://www.w3.org/2000/svg", with: "").contains("http://"))
      #expect(!text.contains("https://") && !text.contains("url("))
    }
    #expect(html.contains("a|b`c") && html.contains("&lt;i&gt;"))
    #expect(html.contains("default-src 'none'"))
    let dot = written { DiagnosisDOT.append(report, to: &$0) }
    for line in dot.split(separator: "\n") where line.contains("label=") {
      let quotes = line.replacing("\\\\", with: "").replacing("\\\"", with: "")
      #expect(quotes.count { $0 == "\"" } % 2 == 0, "\(line)")
    }
  }

  @Test("a party that several chains lead to has one box in the graph, clients one for each")
  func shared() {
    let first = MadeDiagnosis.blocked()
    var second = MadeDiagnosis.blocked()
    second.subject = .process(MadeDiagnosis.process(12, "demo-front"))
    let dot = written { DiagnosisDOT.append(MadeDiagnosis.report([first, second]), to: &$0) }
    #expect(dot.components(separatedBy: "label=\"clients").count == 3, "\(dot)")
    #expect(dot.components(separatedBy: "label=\"python3 (pid 3040)").count == 2, "\(dot)")
  }

  @Test("workers that are alike share a row")
  func workers() {
    let busy = (1...6).map { (number: Int32) in
      var worker = BusyWorker(
        process: MadeDiagnosis.process(number, "w"), thread: number, doing: "waits for a lock")
      (worker.call, worker.since) = ("futex", UInt64(number) * 1000)
      return worker
    }
    var computing = busy[0]
    (computing.doing, computing.call, computing.since) = ("computes", nil, nil)
    let rows = WorkerRow.folded(busy + [computing])
    #expect(rows.map(\.who) == ["6 processes, 1 …", "pid 1"])
    #expect(rows[0].cells == ["6 processes, 1 …", "futex", "6 s", "waits for a lock"])
    var upstream = busy[0]
    (upstream.doing, upstream.peer) = (
      "waits for an answer from 10.0.0.9:80", "10.0.0.9:80 (x, pid 9)"
    )
    #expect(
      WorkerRow(workers: [upstream]).cells[3] == "waits for an answer from 10.0.0.9:80 (x, pid 9)")
  }
}

extension WorkerRow {
  fileprivate var cells: [String] { Self.columns.map { $0.plainText(self) } }
}
