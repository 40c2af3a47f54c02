import DemoServers
import Diagnosis
import Foundation
import Testing

@testable import sockinspect

/// The words of findings: complete, in order, and true of what they refer to.
@Suite("The catalogue of findings")
struct FindingCatalogueTests {
  static let all = FindingKind.all
  static let ids = all.map(\.id)

  @Test("the list and the folder of findings are the same")
  func folder() throws {
    let folder = CourseTests.root.appendingPathComponent("Sources/Diagnosis/Rules").path
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
    let listed = Self.ids.map { $0.replacing("-", with: "").lowercased() + ".swift" }
    let found = files.map { $0.lowercased() }.filter { $0 != "rulelist.swift" }
    #expect(found.sorted() == listed.sorted())
  }

  @Test("the ids that scenarios may promise are those that there are")
  func promised() {
    #expect(Self.ids.sorted() == FindingID.allCases.map(\.rawValue).sorted())
  }

  @Test("an id finds its finding, and nothing else does")
  func named() {
    #expect(FindingKind.named("self-call")?.title == "The server waits for itself")
    #expect(FindingKind.named("selfcall") == nil)
  }

  @Test("no text is empty, and none stands twice")
  func texts() {
    var seen: Set<String> = []
    for finding in Self.all {
      let texts = [finding.title, finding.means, finding.condition, finding.explanation]
      for text in texts {
        #expect(text.count > 10, "\(finding.id)")
        #expect(seen.insert(text).inserted, "\(finding.id): \(text)")
      }
      for list in [finding.remedy, finding.avoid, finding.check] {
        #expect(!list.isEmpty, "\(finding.id)")
        #expect(list.allSatisfy { $0.count > 3 } && Set(list).count == list.count, "\(finding.id)")
      }
    }
  }

  @Test("titles are headings, all else is sentences")
  func sentences() {
    for finding in Self.all {
      #expect(!finding.title.hasSuffix("."), "\(finding.id)")
      let prose = [finding.means, finding.condition, finding.explanation]
      for text in prose + finding.remedy + finding.avoid {
        #expect(text.hasSuffix(".") && !text.contains("  "), "\(finding.id): \(text)")
        #expect(text.count { $0 == "`" } % 2 == 0, "\(finding.id): \(text)")
      }
    }
  }

  @Test("severities stand once each, the worst one first")
  func severities() {
    for finding in Self.all {
      let ranks = finding.severities.map(\.rawValue)
      #expect(!ranks.isEmpty && ranks == Set(ranks).sorted(by: >), "\(finding.id)")
    }
  }

  @Test("scenarios that are named show the finding, and where there are any, some are named")
  func demos() throws {
    for finding in Self.all {
      for name in finding.demo {
        let scenario = try #require(ScenarioList.named(name), "\(name)")
        #expect(scenario.expects.map(\.rawValue).contains(finding.id), "\(name)")
      }
      let showing = ScenarioList.all.filter { $0.expects.map(\.rawValue).contains(finding.id) }
      #expect(showing.isEmpty == finding.demo.isEmpty, "\(finding.id)")
    }
  }

  @Test("settings that are named exist on this kernel")
  func settings() {
    for finding in Self.all {
      let text = ([finding.condition, finding.explanation] + finding.remedy + finding.avoid)
        .joined(separator: " ")
      for match in text.matches(of: /`(net\.[a-z0-9_.]+)`/) {
        let path = "/proc/sys/" + match.1.replacing(".", with: "/")
        #expect(FileManager.default.fileExists(atPath: path), "\(finding.id): \(match.1)")
      }
    }
  }

  @Test("commands of ours that are named exist, with their options")
  func commands() throws {
    for line in Self.all.flatMap(\.check) where line.hasPrefix("sockinspect ") {
      let words = ShellLine(line).words
      let command = try #require(CommandList.named(words[1]), "\(line)")
      for word in words.dropFirst(2) where word.hasPrefix("--") {
        #expect(
          command.options.contains { $0.names.contains(String(word.dropFirst(2))) }, "\(line)")
      }
    }
  }
}
