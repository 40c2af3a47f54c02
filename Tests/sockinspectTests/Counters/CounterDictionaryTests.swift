import Diagnosis
import Foundation
import ProcNet
import Testing

@testable import sockinspect

/// The dictionary knows every counter of this machine, each once.
@Suite("The dictionary of counters")
struct CounterDictionaryTests {
  private static let all = CounterDictionary.all

  @Test("has every counter that this machine exports")
  func machine() throws {
    var gaps: [Gap] = []
    let sample = try #require(
      CounterSample.read(.here, through: LiveKernel(), at: 0, gaps: &gaps))
    #expect(gaps.isEmpty && sample.counters.count > 100)
    let unknown = sample.counters.filter {
      CounterDictionary.description(of: $0.group, $0.name) == nil
    }
    #expect(unknown.map(\.fullName) == [])
  }

  @Test("no name stands twice, and no explanation of what raises a counter")
  func distinct() {
    #expect(Self.all.count > 350)
    #expect(Set(Self.all.map(\.fullName)).count == Self.all.count)
    var seen: Set<String> = []
    for counter in Self.all {
      #expect(counter.raised.count > 8, "\(counter.fullName)")
      #expect(seen.insert(counter.raised).inserted, "\(counter.fullName): \(counter.raised)")
    }
  }

  @Test("what raises a counter ends a sentence; meanings are sentences, none stands twice")
  func sentences() {
    var seen: Set<String> = []
    for counter in Self.all {
      #expect(!counter.raised.hasSuffix("."), "\(counter.fullName)")
      guard let meaning = counter.meaning else { continue }
      #expect(meaning.hasSuffix(".") && meaning.count > 6, "\(counter.fullName)")
      // UDP's four protocols say the same of themselves, and `Normal.` is all there is to say.
      let isRepeated = counter.group.hasPrefix("Udp") || meaning.hasPrefix("Normal")
      #expect(isRepeated || seen.insert(meaning).inserted, "\(counter.fullName): \(meaning)")
    }
  }

  @Test("settings that meanings name exist on this kernel")
  func settings() {
    for counter in Self.all {
      let text = counter.raised + (counter.meaning ?? "")
      for match in text.matches(of: /`(net\.[a-z0-9_.]+)`/) {
        let path = "/proc/sys/" + match.1.replacing(".", with: "/")
        // Without IPv6 its settings are missing.
        let isThere = FileManager.default.fileExists(atPath: path)
        #expect(isThere || match.1.hasPrefix("net.ipv6."), "\(counter.fullName): \(match.1)")
      }
    }
  }

  @Test("levels and settings are marked as such")
  func kinds() {
    let kinds = Dictionary(uniqueKeysWithValues: Self.all.map { ($0.fullName, $0.kind) })
    #expect(kinds["TcpCurrEstab"] == .level)
    #expect(kinds["MPTcpExtMPCurrEstab"] == .level)
    #expect(kinds["TcpRtoMin"] == .setting && kinds["IpForwarding"] == .setting)
    #expect(kinds["TcpExtListenDrops"] == .counter)
    let sockstat = Self.all.filter { $0.name.allSatisfy(\.isLowercase) }
    #expect(sockstat.count == 18 && sockstat.allSatisfy { $0.kind == .level })
  }

  @Test("the usual set is known, and without repetition")
  func listen() {
    let names = Set(Self.all.map(\.fullName))
    #expect(Set(CounterDictionary.listen).count == CounterDictionary.listen.count)
    #expect(CounterDictionary.listen.filter { !names.contains($0) } == [])
  }

  @Test("types of ICMP messages are known by number")
  func types() {
    let ping = CounterDictionary.description(of: "IcmpMsg", "OutType8")
    #expect(ping?.raised == "an ICMP message of type 8 (ping) was sent")
    let odd = CounterDictionary.description(of: "Icmp6", "InType200")
    #expect(odd?.raised == "an ICMPv6 message of type 200 was received")
    #expect(CounterDictionary.description(of: "IcmpMsg", "InType256") == nil)
    #expect(CounterDictionary.description(of: "TcpExt", "InType3") == nil)
  }
}
