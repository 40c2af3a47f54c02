import Foundation
import Synchronization
import Testing

@testable import DemoServers

@Suite("Processes and threads of demo servers") struct ProcessTests {
  @Test(
    "a numbered name fits into 15 bytes and keeps its number",
    arguments: [
      ("demo-pool-w", 3, "demo-pool-w3"), ("demo-prefork-", 12, "demo-prefork-12"),
      ("demo-prefork-", 999, "demo-prefork999"), ("demo-thread-", 123456, "demo-thre123456"),
    ])
  func names(_ name: String, _ number: Int, _ expected: String) {
    #expect(ThreadName.numbered(name, number) == expected)
    #expect(expected.utf8.count <= 15)
  }

  @Test("a thread bears its name")
  func threadName() throws {
    let said = Said()
    try ServerThread.start(named: "demo-test-17") {
      said.say(try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8))
    }
    #expect(said.wait() == "demo-test-17\n")
  }

  @Test("a number of seconds is digits with at most one point", arguments: ["0", "3", "0.25"])
  func seconds(_ text: String) throws {
    #expect(try Seconds.read(text) == Double(text))
  }

  @Test(
    "everything else is none",
    arguments: ["", "-1", "+1", "1e3", "0x10", "nan", "inf", "1.2.3", ".", "1000000001", "1 "])
  func noSeconds(_ text: String) {
    #expect { try Seconds.read(text) } throws: { ($0 as? DemoError)?.status == 64 }
  }

  @Test("a table of children gives up a child's number before the kernel may give it away again")
  func children() throws {
    let table = ChildTable()
    let child = try Self.spawn("/bin/true")
    table.insert(child)
    // Other tests have children too, so we wait for this one alone.
    var found = siginfo_t()
    #expect(waitid(P_PID, UInt32(child), &found, WEXITED | WNOWAIT) == 0)
    table.endAll()
    #expect(waitpid(child, nil, WNOHANG) == -1)
    #expect(errno == ECHILD)
  }

  @Test("all children in the table are ended and waited for")
  func endsChildren() throws {
    let table = ChildTable()
    let children = try (1...5).map { _ in try Self.spawn("/bin/sleep", "1000") }
    for child in children { table.insert(child) }
    table.endAll()
    for child in children { #expect(kill(child, 0) == -1 && errno == ESRCH) }
  }

  private static func spawn(_ words: String...) throws -> pid_t {
    var child: pid_t = 0
    let arguments = words.map { strdup($0) }
    defer { arguments.forEach { free($0) } }
    try #require(posix_spawn(&child, words[0], nil, nil, arguments + [nil], nil) == 0)
    return child
  }
}

/// What a thread says to the one that waits for it.
private final class Said: Sendable {
  private let words = Mutex<String?>(nil)
  private let done = DispatchSemaphore(value: 0)

  func say(_ words: String?) {
    self.words.withLock { $0 = words }
    done.signal()
  }

  func wait() -> String? {
    done.wait()
    return words.withLock { $0 }
  }
}
