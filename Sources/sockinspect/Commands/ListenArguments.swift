import ProcNet

/// What was typed after `listen`.
struct ListenArguments: Sendable, HasCommonArguments {
  var common = CommonArguments()
  var selection = ListenSelection()
  /// `--waiting`.
  var callsRoll = false
  /// `--interval`, in milliseconds.
  var interval: UInt64?
  var wantsHelp = false
  /// The words that are no options: the filter.
  var words: [String] = []

  /// How a filter's words are read: in view of the tables that were chosen.
  var forFilter: ListArguments {
    var arguments = ListArguments()
    arguments.words = words
    if selection.netids.contains(.tcp) { arguments.selection.choose(.tcp) }
    if selection.netids.contains(.udp) { arguments.selection.choose(.udp) }
    if !selection.netids.isDisjoint(with: .unix) {
      arguments.selection.choose(AddressFamily.unix)
    }
    return arguments
  }
}

/// Which kinds of listeners were chosen; TCP and unix when none was.
struct ListenSelection: Sendable {
  private var chosen: NetidSet = []
  private var chosenFamilies: FamilySet = []

  static let unixListeners: NetidSet = [.unixStream, .unixSeqpacket]

  mutating func choose(_ netids: NetidSet) { chosen.formUnion(netids) }
  mutating func choose(_ family: FamilySet) { chosenFamilies.formUnion(family) }

  /// A family without a table of its own means TCP.
  var netids: NetidSet {
    if chosen.isEmpty, chosenFamilies.isEmpty { return NetidSet.tcp.union(Self.unixListeners) }
    let lacksTable = !chosenFamilies.isEmpty && chosen.isDisjoint(with: .internet)
    return lacksTable ? chosen.union(.tcp) : chosen
  }

  /// Unix sockets stay when they were asked for.
  var families: FamilySet { chosenFamilies.isEmpty ? .all : chosenFamilies.union(.unix) }
}
