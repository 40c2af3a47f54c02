import Foundation
import ProcNet
import Testing

@testable import sockinspect

/// The names of metrics keep the rules of both formats, and contrib/ knows them.
@Suite struct MetricNamesTests {
  private static let all: [MetricName] =
    ListenerMetrics.all.map(\.name) + [ListenerMetrics.connections]
    + NamespaceMetrics.all.map(\.name)
    + [
      RunMetrics.gaps, RunMetrics.success, RunMetrics.duration, RunMetrics.time,
      RunMetrics.build,
    ]

  @Test("names are ours, in small letters, each used once")
  func names() {
    #expect(Set(Self.all.flatMap { [$0.family, $0.sample] }).count >= Self.all.count)
    #expect(Set(Self.all.map(\.family)).count == Self.all.count)
    for name in Self.all {
      #expect(name.family.wholeMatch(of: /sockinspect(_[a-z]+)+/) != nil, "\(name)")
      #expect(!name.family.hasSuffix("_total") && !name.family.hasSuffix("_info"), "\(name)")
      #expect(name.unit.map { name.family.hasSuffix("_\($0)") } ?? true, "\(name)")
    }
  }

  @Test("each help is a sentence that needs no escapes")
  func help() {
    for name in Self.all {
      #expect(name.help.hasSuffix(".") && name.help.allSatisfy { !"\"\\\n".contains($0) })
    }
  }

  private static func read(_ file: String) throws -> String {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { root.deleteLastPathComponent() }
    return try String(contentsOf: root.appendingPathComponent(file), encoding: .utf8)
  }

  @Test(
    "rules, their tests and the dashboard ask for nothing that is never written",
    arguments: [
      "contrib/prometheus/sockinspect-rules.yml", "contrib/prometheus/sockinspect-rules-test.yml",
      "contrib/grafana/sockinspect.json",
    ])
  func contrib(file: String) throws {
    let text = try Self.read(file)
    let asked = Set(text.matches(of: /sockinspect_[a-z_]+/).map { String($0.0) })
    #expect(asked.count > 5)
    #expect(asked.subtracting(Self.all.map(\.sample)) == [])
  }

  @Test("the schema names every kind of gap, and no other")
  func kinds() throws {
    let schema = try JSONSerialization.jsonObject(with: Data(Self.read("share/schema.json").utf8))
    var value = schema
    for key in ["$defs", "gap", "properties", "kind", "enum"] {
      value = try #require((value as? [String: Any])?[key])
    }
    #expect(value as? [String] == Gap.Kind.allCases.map(\.rawValue))
  }

  @Test("the manual describes every metric, and no other")
  func manual() {
    let described = ManualPage.items(ManualPage(command: "metrics").part("Sh", "METRICS"), "Li")
      .map { $0.replacing("Li ", with: "") }.flatMap { $0.split(separator: " , ") }
      .map { "sockinspect_\($0)" }
    #expect(described.sorted() == Self.all.map(\.sample).sorted())
  }
}
