import ProcNet
import Testing

@testable import sockinspect

/// What ss lists for its letters; the end-to-end tests compare rows with ss itself.
@Suite struct TableSelectionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let line: String
    let netids: NetidSet
    let families: FamilySet
    let states: StateSet
    var testDescription: String { line }

    init(_ line: String, _ netids: NetidSet, _ families: FamilySet, _ states: StateSet) {
      self.line = line
      self.netids = netids
      self.families = families
      self.states = states
    }
  }

  private static let established = StateSet(.established)
  private static let unconnected = StateSet(.close)
  private static let usual = StateSet.usual

  static let cases = [
    Case("", .all, .all, usual), Case("-a", .all, .all, .all), Case("-l", .all, .all, .listening),
    Case("-t", .tcp, .internet, usual), Case("-ta", .tcp, .internet, .all),
    Case("-tl", .tcp, .internet, .listening), Case("-x", .unix, .unix, usual),
    // UDP and raw sockets are either connected or not: usually the connected ones are shown.
    Case("-u", .udp, .internet, established), Case("-w", .raw, .internet, established),
    Case("-ua", .udp, .internet, .all), Case("-uw", [.udp, .raw], .internet, established),
    Case("-tu", [.tcp, .udp], .internet, usual),
    Case("-t -x", [.tcp, .unix], [.internet, .unix], usual),
    Case("-4", .internet, .inet, usual), Case("-6", .internet, .inet6, usual),
    // ss lists the last family only.
    Case("-4 -6", .internet, .internet, usual),
    Case("-t4", .tcp, .inet, usual), Case("-4 -x", [.internet, .unix], [.inet, .unix], usual),
    Case("-0", .packet, .packet, unconnected), Case("-f link", .packet, .packet, unconnected),
    Case("-f unix", .unix, .unix, usual), Case("-f inet", .internet, .inet, usual),
    Case("-A tcp,udp", [.tcp, .udp], .internet, usual),
    Case("-A udp", .udp, .internet, usual), Case("-A all", .all, .all, usual),
    Case("-A all,!unix", [.internet, .packet], [.internet, .packet], usual),
    Case("-A u_str,u_dgr", [.unixStream, .unixDatagram], .unix, usual),
    // ss knows small letters only.
    Case("-A INET", .internet, .internet, usual), Case("-a -A tcp", .tcp, .internet, .all),
    // The first -A replaces the tables chosen before it.
    Case("-t -A udp", .udp, .internet, usual), Case("-A udp -t", [.tcp, .udp], .internet, usual),
    // The last of -a and -l wins.
    Case("-al", .all, .all, .listening), Case("-la", .all, .all, .all),
  ]

  private static func resolved(
    _ line: String, filterStates: StateSet? = nil, isSelector: Bool = false
  ) throws -> (netids: NetidSet, families: FamilySet, states: StateSet) {
    var arguments = ListArguments()
    let parser = OptionParser(command: "sockinspect", options: Option<ListArguments>.list)
    _ = try parser.parse(line.split(separator: " ").map(String.init), into: &arguments)
    return arguments.selection.resolved(filterStates: filterStates, isSelector: isSelector)
  }

  @Test("letters choose tables, families and states as in ss", arguments: cases)
  func letters(_ wanted: Case) throws {
    let chosen = try Self.resolved(wanted.line)
    #expect(chosen.netids == wanted.netids)
    #expect(chosen.families == wanted.families)
    #expect(chosen.states == wanted.states)
  }

  @Test("states in the filter win over the letters")
  func filterStates() throws {
    let timeWait = StateSet(.timeWait)
    #expect(try Self.resolved("-tl", filterStates: timeWait).states == timeWait)
  }

  @Test("a selector looks at all states, unless letters say which")
  func selector() throws {
    #expect(try Self.resolved("", isSelector: true).states == .every)
    #expect(try Self.resolved("-l", isSelector: true).states == .listening)
  }
}
