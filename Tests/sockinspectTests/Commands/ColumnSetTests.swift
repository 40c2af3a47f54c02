import ProcNet
import Testing

@testable import sockinspect

@Suite struct ColumnSetTests {
  private static func names(_ text: String?) throws -> [String] {
    try ColumnSet.sockets.chosen(text, usual: ["state", "local"]).map(\.name)
  }

  @Test("columns are chosen, or added to the usual ones")
  func chosen() throws {
    #expect(try Self.names(nil) == ["state", "local"])
    #expect(try Self.names("pid,inode") == ["pid", "inode"])
    #expect(try Self.names("+pid,inode") == ["state", "local", "pid", "inode"])
    #expect(try Self.names("+pid,+inode") == ["state", "local", "pid", "inode"])
    #expect(try Self.names("RECV_Q,rtt_us") == ["recv-q", "rtt-us"])
  }

  @Test("a column's former name and JSON's are understood, and kept in the answer")
  func otherNames() throws {
    #expect(try Self.names("age_ms,receive-limit") == ["age-ms", "receive-limit"])
    let chosen = try ColumnSet.listeners.chosen("drop-rate,DROP_RATE", usual: [])
    #expect(chosen.map(\.name) == ["drop-rate", "drop-rate"] && chosen[0].key == "drop_rate")
    #expect(chosen[0].heading == ColumnSet.listeners["drops-per-s"]?.heading)
    #expect(try ColumnSet.listeners.order("-drop-rate").isDescending)
    let others = ColumnSet.listeners.all.compactMap(\.otherName)
    #expect(others.allSatisfy { ColumnSet.listeners[$0] == nil } && others.count == 5)
    #expect(TopicIndex.all.named("drop-rate").first?.name == "drops-per-s")
  }

  @Test("the filter's words for a column are understood, and answered by the column's name")
  func aliases() throws {
    let chosen = try ColumnSet.sockets.chosen("recvq,sendq,comm,dev,fwmark,rtt,cwnd", usual: [])
    #expect(
      chosen.map(\.name)
        == ["recv-q", "send-q", "command", "interface", "mark", "rtt-us", "snd-cwnd"])
    let names = Set(ColumnSet.sockets.all.map(\.name))
    for column in ColumnSet.sockets.all {
      #expect(names.isDisjoint(with: column.aliases.filter { $0 != column.name }), "\(column.name)")
    }
  }

  @Test("the name of every number's column is a word of the filter")
  func wordsOfFilter() {
    for column in SocketColumns.tcp {
      #expect(NumericField.named(column.name) != nil && NumericField.named(column.key) != nil)
    }
  }

  @Test("the words of a name are joined with dashes, those of a key with underscores")
  func spelling() {
    let columns =
      ColumnSet.sockets.all.map { ($0.name, $0.heading) }
      + ColumnSet.listeners.all.map { ($0.name, $0.heading) }
      + ColumnSet.counters.all.map { ($0.name, $0.heading) }
    for (name, heading) in columns {
      #expect(name.contains(/^[a-z0-9]+(-[a-z0-9]+)*$/), "\(name)")
      #expect(!heading.contains("_"), "\(heading)")
    }
  }

  @Test("-COLUMN sorts downwards")
  func sort() throws {
    let order = try ColumnSet.sockets.order("-recv-q")
    #expect(order.column.name == "recv-q" && order.isDescending)
    #expect(try ColumnSet.sockets.order("recv-q").isDescending == false)
  }

  @Test(
    "an unknown column is refused with the nearest one",
    arguments: [
      ("recv", "unknown column 'recv'; did you mean recv-q?"),
      ("Peer Address:Port", "unknown column 'Peer Address:Port'; did you mean peer?"),
      ("zzzzzzzz", "unknown column 'zzzzzzzz'; --list-columns lists them all"),
      ("pid,", "unknown column ''; --list-columns lists them all"),
    ])
  func unknown(text: String, message: String) {
    let error = #expect(throws: UsageError.self) { try Self.names(text) }
    #expect(error?.message == message)
  }

  @Test("every column has a name of its own, a heading and a meaning")
  func all() {
    #expect(Set(ColumnSet.sockets.all.map(\.name)).count == ColumnSet.sockets.all.count)
    for column in ColumnSet.sockets.all {
      #expect(!column.heading.isEmpty && !column.meaning.isEmpty, "\(column.name)")
      #expect(column.name == column.name.lowercased(), "\(column.name)")
      #expect(ColumnSet.sockets[column.name]?.meaning == column.meaning)
    }
  }
}
