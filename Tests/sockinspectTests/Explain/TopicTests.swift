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
    #expect(TCPInfoDescription.all.map(\.field) == TCPInfoField.all)
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

  @Test(
    "what people bring along is explained",
    arguments: [
      "backlog", "somaxconn", "net.core.somaxconn", "tcp_tw_reuse", "net.ipv4.tcp_fin_timeout",
      "MaxClients", "EMFILE", "epoll_wait", "recvfrom", "ECONNREFUSED", "connection reset by peer",
      "Connection refused", "prefork", "event", "critical", "likely", "root cause", "Chain",
      "Effects", "Where", "Since", "Seen", "u_str", "p_raw", "tcp", "SO_REUSEPORT", "C10K",
      "no route to host",
    ])
  func terms(word: String) {
    #expect(TopicIndex.all.named(word).contains { $0.labels.contains { $0.group == .term } })
  }

  @Test("every key of JSON has one, and says something")
  func keys() {
    #expect(JSONObject.places.count > 300)
    #expect(Set(JSONObject.all.map(\.name)).count == JSONObject.all.count)
    for place in JSONObject.places {
      let key = place.key
      #expect(groups(key.name).contains(.key), "\(place.object).\(key.name)")
      #expect(key.meaning.count > 3 && !key.meaning.hasSuffix("."), "\(place.object).\(key.name)")
      #expect(key.detail?.hasSuffix(".") ?? true, "\(place.object).\(key.name)")
      #expect(key.name.contains(/^[a-z0-9_]+$/), "\(place.object).\(key.name)")
    }
    let names = Set(JSONObject.all.map(\.name))
    for name in JSONObject.places.flatMap(\.key.type.references) {
      #expect(names.contains(name), "\(name)")
    }
  }
}

extension JSONType {
  /// Names of other objects.
  fileprivate var references: [String] {
    switch self {
    case .reference(let name): [name]
    case .either(let names): names
    case .list(let type, _): type.references
    default: []
    }
  }
}
