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

  @Test("-COLUMN sorts downwards")
  func sort() throws {
    let order = try ColumnSet.sockets.order("-recv-q")
    #expect(order.column.name == "recv-q" && order.isDescending)
    #expect(try ColumnSet.sockets.order("recv-q").isDescending == false)
  }

  @Test(
    "an unknown column is refused with the nearest one",
    arguments: [
      ("recvq", "unknown column 'recvq'; did you mean recv-q?"),
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
