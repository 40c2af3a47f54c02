import Diagnosis
import Foundation
import ProcNet
import Testing

@testable import sockinspect

/// Everything on the screen has an explanation.
@Suite("Topics of explain")
struct TopicTests {
  private static let index = TopicIndex.all

  private func groups(_ name: String) -> [Topic.Group] {
    Self.index.named(name).flatMap { $0.labels.map(\.group) }
  }

  @Test("every state, ownership and timer has one")
  func enumerations() {
    for state in SocketState.known {
      #expect(groups(state.name).contains(.state), "\(state.name)")
    }
    let ranges = ["all", "connected", "synchronized", "bucket", "big"]
    for name in StateNames.table.map(\.name) where !ranges.contains(name) {
      #expect(groups(name).contains(.state), "\(name)")
    }
    for ownership in Ownership.allCases {
      #expect(groups(ownership.rawValue).contains(.ownership), "\(ownership)")
    }
    for kind in UInt8(0)...6 {
      let name = SocketTimer(kind: kind, expires: 0, retransmits: 0).name.description
      #expect(groups(name).contains(.timer), "\(name)")
    }
  }

  @Test("every column has one, by its name and by its heading")
  func columns() {
    for column in ColumnSet.sockets.all {
      #expect(groups(column.name).contains(.listColumn), "\(column.name)")
      #expect(!Self.index.named(column.heading).isEmpty, "\(column.heading)")
    }
    for column in ColumnSet.listeners.all {
      #expect(groups(column.name).contains(.listenColumn), "\(column.name)")
      #expect(!Self.index.named(column.heading).isEmpty, "\(column.heading)")
    }
    for column in ColumnSet.counters.all {
      #expect(groups(column.name).contains(.counterColumn), "\(column.name)")
    }
  }

  @Test("every finding and every counter has one")
  func catalogues() {
    for finding in FindingKind.all {
      #expect(groups(finding.id) == [.finding], "\(finding.id)")
    }
    for counter in CounterDictionary.all {
      #expect(groups(counter.fullName).contains(.counter), "\(counter.fullName)")
      #expect(groups(counter.name).contains(.counter), "\(counter.name)")
    }
    #expect(groups("IcmpMsgInType3") == [.counter] && groups("icmp6outtype135") == [.counter])
  }

  @Test("every field of tcp_info has one, and no other field")
  func tcpInfo() {
    #expect(TCPInfoDescription.all.map(\.key) == TCPInfoField.all.map(\.key))
  }

  @Test("every word that ss's letters print has one")
  func words() throws {
    let folder = CourseTests.root.appendingPathComponent("Sources/sockinspect/List")
    for file in ["SSTCPInfo.swift", "SSDetails.swift"] {
      let source = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
      let words = source.matches(of: /" ([a-z][a-z0-9_]+)(?:[:" (])/).map { String($0.1) }
      #expect(words.count > 4, "\(file)")
      for word in Set(words).subtracting(["and", "for", "ms", "timer"]) {
        let parts = ["auxdata", "origdev", "vnethdr", "loss"]
        #expect(groups(word).contains(.word) || parts.contains(word), "\(file): \(word)")
      }
    }
    for letter in ["r", "rb", "t", "tb", "f", "w", "o", "bl", "d"] {
      #expect(groups(letter).contains(.word), "\(letter)")
    }
  }

  @Test("nothing is empty, and no explanation stands twice")
  func texts() {
    var seen: [String: String] = [:]
    for topic in Self.index.topics {
      #expect(topic.means.count > 3 && !topic.look.isEmpty, "\(topic.name)")
      #expect(topic.names.allSatisfy { !$0.isEmpty }, "\(topic.name)")
      let texts = topic.text + topic.sections.flatMap(\.lines)
      #expect(texts.allSatisfy { $0.count > 5 }, "\(topic.name)")
      // Columns and keys of the same fact say the same.
      let isShared = topic.labels.allSatisfy {
        [.listColumn, .listenColumn, .counterColumn, .key].contains($0.group)
      }
      if isShared { continue }
      #expect(seen.updateValue(topic.name, forKey: topic.means) == nil, "\(topic.name)")
    }
  }

  @Test("commands to look further are commands, with topics that exist")
  func look() {
    for topic in Self.index.topics {
      for line in topic.look where line.hasPrefix("sockinspect explain ") {
        let word = String(line.dropFirst(20))
        #expect(word.hasPrefix("-") || !Self.index.named(word).isEmpty, "\(topic.name): \(line)")
      }
    }
  }

  @Test("the keys of JSON are those of the schema, with its descriptions")
  func keys() throws {
    let file = CourseTests.root.appendingPathComponent("share/schema.json")
    let schema = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
    let found = SchemaKeys(schema).found
    #expect(found.count > 150)
    let known = Set(JSONKey.all)
    #expect(found.subtracting(known).map { "\($0.object).\($0.name)" } == [])
    #expect(known.subtracting(found).map { "\($0.object).\($0.name)" } == [])
    #expect(JSONKey.all.count == known.count)
    let tcp = try #require(SchemaKeys(schema).tcp)
    #expect(tcp == Set(TCPInfoDescription.all.map(\.key)))
  }
}

/// Every key that a schema describes, by the object that it stands in.
private struct SchemaKeys {
  private(set) var found: Set<JSONKey> = []
  private(set) var tcp: Set<String>?

  init(_ schema: [String: Any]) {
    take(schema, in: "document")
    for (name, value) in schema["$defs"] as? [String: Any] ?? [:] {
      if let object = value as? [String: Any] { take(object, in: name) }
    }
  }

  private mutating func take(_ object: [String: Any], in place: String) {
    for (name, value) in object["properties"] as? [String: Any] ?? [:] {
      guard let rule = value as? [String: Any] else { continue }
      if place == "socket.tcp" {
        tcp = (tcp ?? []).union([name])
        continue
      }
      found.insert(JSONKey(place, name, rule["description"] as? String ?? ""))
      let inner = place == "document" ? name : "\(place).\(name)"
      take(rule["items"] as? [String: Any] ?? rule, in: inner)
      for choice in rule["oneOf"] as? [[String: Any]] ?? [] { take(choice, in: inner) }
    }
  }
}
