import ProcNet
import Testing

@testable import sockinspect

/// What the rows of `listen` say, and in which order.
@Suite struct ListenRowTests {
  private static func row(
    _ port: UInt16, _ length: UInt32?, _ limit: UInt32?, drops: UInt32? = nil,
    rate: UInt32? = nil
  ) -> ListenRow {
    var socket = Socket(netid: .tcp, family: .inet, state: .listen)
    socket.local.port = port
    socket.queues = .accept(waiting: length, limit: limit)
    socket.details = SocketDetails(drops: drops)
    return ListenRow(
      listener: Listener(socket: socket),
      rate: rate.map { EventRate(events: UInt64($0), interval: 1000) })
  }

  @Test(
    "trouble comes first: full, dropping now, nearly full, waiting, dropped once; then as listed")
  func order() {
    let rows = [
      Self.row(1, 0, 9), Self.row(2, 0, 9, drops: 50), Self.row(3, 1, 9),
      Self.row(4, 8, 9), Self.row(5, 0, 9, drops: 3, rate: 1), Self.row(6, 3, 2),
      Self.row(7, 0, 9),
    ]
    #expect(ListenOrder.sorted(rows).map(\.socket.local.port) == [6, 5, 4, 3, 2, 1, 7])
  }

  @Test("shards stand together, where the worst of them belongs, the worst first")
  func shards() {
    var rows = [Self.row(1, 0, 9), Self.row(2, 0, 4), Self.row(3, 2, 9), Self.row(2, 5, 4)]
    for (place, shard) in [(1, 0), (3, 1)] {
      var listener = rows[place].listener
      (listener.shards, listener.shard) = (2, shard)
      rows[place] = ListenRow(listener: listener)
    }
    let sorted = ListenOrder.sorted(rows)
    #expect(sorted.map(\.socket.local.port) == [2, 2, 3, 1])
    #expect(sorted.map(\.queue?.length) == [5, 0, 2, 0])
  }

  @Test(
    "only a full queue fills the bar, and one that waits does not look like nothing",
    arguments: [
      (0, 0, "........"), (1, 0, "########"), (1, 4096, "#......."), (5, 10, "###....."),
      (10, 10, "#######."), (11, 10, "########"), (.max, .max, "#######."),
    ] as [(UInt32, UInt32, String)])
  func bar(length: UInt32, limit: UInt32, expected: String) throws {
    let row = Self.row(1, length, limit)
    #expect(QueueBar.text(try #require(row.thousandths), isFull: row.isFull) == expected)
  }

  @Test("an unknown limit is no 0: no bar, not full, and - in the table")
  func unknownLimit() throws {
    let row = Self.row(1, 3, nil)
    #expect(row.thousandths == nil && !row.isFull)
    let queue = try #require(ColumnSet.listeners["queue"]).value(row, UnknownContext())
    let drops = try #require(ColumnSet.listeners["drops"]).value(row, UnknownContext())
    #expect(queue == .words("3/-") && drops == .unknown)
  }

  @Test(
    "times are short for people",
    arguments: [
      (0, "0ms"), (999, "999ms"), (2812, "2.8s"), (59_999, "59.9s"), (60_000, "1m00s"),
      (192_000, "3m12s"), (7_500_000, "2h05m"), (356_400_000, "4d03h"),
    ] as [(UInt64, String)])
  func durations(milliseconds: UInt64, text: String) {
    #expect(AgeText.string(milliseconds) == text)
  }

  @Test("the processes of one command are folded, and those left out are counted")
  func owners() {
    let workers = (3...8).reversed().map {
      Owner(process: $0, descriptor: 4, command: Array("apache2".utf8))
    }
    let one = [Owner(process: 2, descriptor: 3, command: [0x1B, 0x61])]
    #expect(FoldedOwners.text(workers + one) == "\\x1ba (pid 2), apache2 ×6 (pids 3,4,5,6,7,8)")
    #expect(FoldedOwners.text(workers, most: 2) == "apache2 ×6 (pids 3,4 and 4 more)")
    #expect(FoldedOwners.text(workers, most: 0) == "apache2 ×6")
    #expect(FoldedOwners.text(workers + one, commands: 1) == "\\x1ba (pid 2) and 1 more")
  }

  @Test("drops are matched by cookie over a counter that wraps; new listeners have no rate")
  func dropCounts() {
    var before = Self.row(1, 0, 9, drops: .max - 1).listener
    before.socket.cookie = 77
    let counts = DropCounts([before], at: 1000)
    var after = Self.row(1, 0, 9, drops: 8).listener
    after.socket.cookie = 77
    let rate = counts.rate(of: after, now: 5000)
    #expect(rate == EventRate(events: 10, interval: 4000) && rate?.tenthsPerSecond == 25)
    after.socket.cookie = 78
    #expect(counts.rate(of: after, now: 5000) == nil)
    after.socket.cookie = nil
    #expect(counts.rate(of: after, now: 5000) == nil)
  }

  @Test("a verdict in one sentence")
  func verdict() {
    let healthy = ListenVerdict([Self.row(1, 0, 9), Self.row(2, 0, 9)])
    #expect(healthy.text == "2 listeners: nothing waits" && healthy.tone == .good)
    let full = ListenVerdict([Self.row(1, 6, 5, drops: 9), Self.row(2, 0, 9)])
    #expect(
      full.text == "2 listeners: 1 is full; 6 connections wait; 1 listener dropped in the past")
    #expect(full.tone == .alarm)
    let filling = ListenVerdict([Self.row(1, 8, 9)])
    #expect(filling.text == "1 listener: 1 is nearly full; 8 connections wait")
    let unknown = ListenVerdict([Self.row(1, 6, nil)])
    #expect(unknown.text == "1 listener: limits are not known; 6 connections wait")
  }

  @Test("a program that leaves connections unread or unclosed does not look healthy")
  func neglect() {
    var unread = Self.row(2, 0, 9).listener
    (unread.leftUnread, unread.connections) = (2, [.established: 3])
    var leak = Self.row(3, 0, 9).listener
    leak.connections = [.closeWait: 20]
    let rows = [Self.row(1, 0, 9), ListenRow(listener: unread), ListenRow(listener: leak)]
    #expect(ListenOrder.sorted(rows).map(\.socket.local.port) == [3, 2, 1])
    let verdict = ListenVerdict(rows)
    #expect(verdict.tone == .attention)
    #expect(
      verdict.text == "3 listeners: nothing waits; 20 connections in CLOSE-WAIT at 1; "
        + "2 connections left unread at 1")
    let shown = written {
      ColumnSet.listeners["accepted"]?.appendBrief(rows[1], UnknownContext(), to: &$0)
    }
    #expect(shown == "ESTAB 3, 2 unread")
  }

  @Test(
    "an interval with a unit is refused with the number of seconds",
    arguments: [
      ("2s", "; did you mean 2?"), ("2 sec", "; did you mean 2?"), ("500ms", "; did you mean 0.5?"),
      ("2x", ""), ("s", ""), ("0.01", ""),
    ])
  func interval(text: String, hint: String) {
    let error = #expect(throws: UsageError.self) { try ListenInterval.read(text) }
    #expect(error?.message == "--interval takes seconds from 0.1 to 3600, not '\(text)'\(hint)")
  }

  @Test("letters choose kinds; a family without a kind of its own means TCP")
  func selection() {
    var selection = ListenSelection()
    #expect(selection.netids == [.tcp, .unixStream, .unixSeqpacket])
    selection.choose(FamilySet.inet6)
    #expect(selection.netids == .tcp && selection.families == [.inet6, .unix])
    selection.choose(.udp)
    #expect(selection.netids == .udp)
    var unix = ListenSelection()
    unix.choose(ListenSelection.unixListeners)
    #expect(unix.netids == [.unixStream, .unixSeqpacket])
    unix.choose(FamilySet.inet)
    #expect(unix.netids == [.tcp, .unixStream, .unixSeqpacket])
  }

  @Test("every column has a name of its own, a heading and a meaning, and CSV's exist")
  func columns() {
    let names = ColumnSet.listeners.all.map(\.name)
    #expect(
      Set(names).count == names.count && Set(ColumnSet<ListenRow>.usualInCSV).isSubset(of: names))
    for column in ColumnSet.listeners.all {
      #expect(!column.heading.isEmpty && !column.meaning.isEmpty)
    }
  }
}
