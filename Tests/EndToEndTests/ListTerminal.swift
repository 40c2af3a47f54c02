import Foundation
import Testing

extension EndToEnd {
  @Suite("What list shows on a terminal")
  struct ListTerminal {
    @Test("owners without -p; a pipe gets none", arguments: [80, 132])
    func owners(columns: Int) throws {
      let zoo = try Zoo()
      let enter = zoo.catalog.private ? ["nsenter", "-t", "\(zoo.catalog.pid)", "-n"] : []
      let inode = try zoo.catalog.first("tcp4-accepted").inode
      let words = [Product.sockinspect, "-tan", "inode = \(inode)"]
      let terminal = try WatchTerminal(enter + words, columns: columns)
      #expect(terminal.shows("Process", "zoo (pid \(zoo.catalog.pid))"), "\(terminal.screen.text)")
      #expect(terminal.end() == .exited(0))
      let piped = try Program(words: enter + words).run()
      #expect(piped.status == 0 && !piped.text.contains("zoo") && !piped.text.contains("Process"))
    }
  }
}
