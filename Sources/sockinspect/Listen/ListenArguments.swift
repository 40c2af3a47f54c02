import ProcNet

/// What was typed after `listen`.
struct ListenArguments: Sendable, HasCommonArguments {
  var common = CommonArguments()
  var selection = ListenSelection()
  /// `--waiting`.
  var listsWaiting = false
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

/// Which kinds of listeners were chosen; when none was, TCP and unix, and UDP receivers that drop.
struct ListenSelection: Sendable {
  private var chosen: NetidSet = []
  private var chosenFamilies: FamilySet = []

  static let unixListeners: NetidSet = [.unixStream, .unixSeqpacket]

  mutating func choose(_ netids: NetidSet) { chosen.formUnion(netids) }
  mutating func choose(_ family: FamilySet) { chosenFamilies.formUnion(family) }

  /// No kind was chosen: of UDP only receivers that have dropped something are shown.
  var isUsual: Bool { chosen.isEmpty && chosenFamilies.isEmpty }

  /// What `listen` reads.
  var surveyed: NetidSet { isUsual ? netids.union(.udp) : netids }

  func shows(_ listener: Listener) -> Bool {
    !isUsual || listener.socket.netid != .udp || (listener.drops ?? 0) > 0
  }

  /// A family without a table of its own means TCP.
  var netids: NetidSet {
    if isUsual { return NetidSet.tcp.union(Self.unixListeners) }
    let lacksTable = !chosenFamilies.isEmpty && chosen.isDisjoint(with: .internet)
    return lacksTable ? chosen.union(.tcp) : chosen
  }

  /// Unix sockets stay when they were asked for.
  var families: FamilySet { chosenFamilies.isEmpty ? .all : chosenFamilies.union(.unix) }
}

/// Arguments that choose among kinds of listeners.
protocol HasListenSelection {
  var selection: ListenSelection { get set }
}

extension ListenArguments: HasListenSelection {}

extension Option where Arguments: HasListenSelection {
  /// Which listeners.
  static var listenerKinds: [Option<Arguments>] {
    [
      Option("t", "tcp", help: "TCP listeners") { $0.selection.choose(.tcp) },
      Option("u", "udp", help: "UDP receivers: sockets without a peer") {
        $0.selection.choose(.udp)
      },
      Option("x", "unix", help: "unix listeners, stream and seqpacket") {
        $0.selection.choose(ListenSelection.unixListeners)
      },
      Option("4", "ipv4", help: "IPv4 only") { $0.selection.choose(FamilySet.inet) },
      Option("6", "ipv6", help: "IPv6 only") { $0.selection.choose(FamilySet.inet6) },
    ]
  }
}

extension Option where Arguments == ListenArguments {
  /// The options of `listen`.
  static var listen: [Option<ListenArguments>] { listenerKinds + contents + common }

  private static var contents: [Option<ListenArguments>] {
    [
      Option("l", "listening", help: "as in ss -tlnp; listeners are shown anyway") { _ in },
      Option("p", "processes", help: "as in ss -tlnp; owners are shown anyway") { _ in },
      Option(nil, "waiting", help: "list the connections that wait in each accept queue") {
        $0.listsWaiting = true
      },
      Option(
        nil, "interval", argument: "SECONDS",
        help: "take two samples, SECONDS apart, and show drops per second"
      ) { (arguments, text) throws(UsageError) in
        arguments.interval = try ListenInterval.read(text)
      },
    ]
  }
}

/// The time between two samples.
enum ListenInterval {
  /// Milliseconds; a tenth of a second to an hour by default.
  static func read(_ text: String, most: Int = 3600) throws(UsageError) -> UInt64 {
    guard let seconds = Double(text), seconds >= 0.1, seconds <= Double(most) else {
      let hint = withUnit(text).map { "; did you mean \($0)?" } ?? ""
      let shown = SafeText.string(text)
      throw UsageError("--interval takes seconds from 0.1 to \(most), not '\(shown)'\(hint)")
    }
    return UInt64((seconds * 1000).rounded())
  }

  /// The seconds of `2s` or `500 ms`, as they are to be written.
  private static func withUnit(_ text: String) -> String? {
    let digits = text.prefix { $0.isNumber || $0 == "." }
    let unit = text.dropFirst(digits.count).drop { $0 == " " }
    guard let number = Double(digits), let factor = UnitFamily.time.factor(of: String(unit)) else {
      return nil
    }
    let seconds = number * Double(factor) / 1_000_000
    return Int(exactly: seconds).map { "\($0)" } ?? "\(seconds)"
  }
}

/// What a `listen` command line means: which listeners, what of them, written how.
struct ListenPlan {
  let format: OutputFormat
  let columns: [Column<ListenRow>]
  /// `--columns` with names of one's own, not added to the usual ones.
  let hasOwnColumns: Bool
  let sort: RowOrder<ListenRow>?
  let listsWaiting: Bool
  let showsHeader: Bool
  /// Columns of the screen; nil where the output is not for people.
  let width: Int?
  let palette: Palette

  init(_ arguments: ListenArguments, isTerminal: Bool, showsNamespace: Bool) throws(UsageError) {
    let common = arguments.common
    format = common.format
    listsWaiting = arguments.listsWaiting
    showsHeader = common.showsHeader
    hasOwnColumns = common.columns.map { !$0.hasPrefix("+") } ?? false
    let isForPeople = isTerminal && format == .table
    columns = try ColumnSet.listeners.chosen(
      common.columns,
      usual: format.isFlat
        ? ColumnSet<ListenRow>.usualInCSV
        : Self.usual(arguments, isForPeople: isForPeople, showsNamespace: showsNamespace))
    sort = try common.sort.map(ColumnSet.listeners.order)
    let output = OutputFile.standardOutput
    width = isForPeople ? output.width ?? (output.isTerminal ? 80 : 1 << 20) : nil
    palette = Palette(isColoured: isForPeople && common.colour.isOn)
    try Self.checkWaiting(self)
  }

  private static func checkWaiting(_ plan: ListenPlan) throws(UsageError) {
    guard plan.listsWaiting else { return }
    if plan.format.isFlat || (plan.format != .table && plan.hasOwnColumns) {
      throw UsageError("--waiting has no place in rows of columns; use the table, or plain --json")
    }
  }

  private static func usual(
    _ arguments: ListenArguments, isForPeople: Bool, showsNamespace: Bool
  ) -> [String] {
    let netids = arguments.selection.netids
    let hasOneKind = netids.rawValue & (netids.rawValue &- 1) == 0
    return (showsNamespace ? ["netns"] : []) + (hasOneKind ? [] : ["netid"])
      + ["local", "shard", "queue"] + (isForPeople ? ["bar"] : [])
      + ["oldest", "abandoned", "unread", "syn", "drops"]
      + (arguments.interval == nil ? [] : ["drops-per-s"]) + ["accepted", "service", "owners"]
  }

  /// On a terminal the usual columns come and go with what there is to tell.
  var hidesEmptyColumns: Bool { width != nil && !hasOwnColumns }

  var needsOwners: Bool {
    if format.hasObjects, !hasOwnColumns { return true }
    return listsWaiting || columns.contains { $0.needs.contains(.owners) }
      || sort?.column.needs.contains(.owners) == true
  }
}
