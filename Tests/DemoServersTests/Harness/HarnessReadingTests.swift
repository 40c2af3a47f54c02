import Foundation
import Testing

@testable import DemoServers

@Suite("What the harness reads of the kernel")
struct HarnessReadingTests {
  @Test("a row of /proc/net/tcp")
  func tcpRow() throws {
    // 127.0.0.1:9000, listening, 6 in the accept queue, inode 4711.
    let line =
      "   0: 0100007F:2328 00000000:0000 0A 00000000:00000006 00:00000000 00000000     0        0 4711 1"
    let row = try #require(TCPRow(fields(line)))
    #expect(row.localPort == 9000)
    #expect(row.peerPort == 0)
    #expect(row.state == .listen)
    #expect(row.receiveQueue == 6)
    #expect(row.sendQueue == 0)
    #expect(row.inode == 4711)
  }

  @Test(
    "no row in what is none",
    arguments: [
      "", "sl local", "0: x y 0A 0:0 00:0 0 0 0 1",
      // State 0D does not exist for the demo; queues without a colon.
      "0: 0100007F:2328 00000000:0000 FF 0:0 00:0 0 0 0 1",
      "0: 0100007F:2328 00000000:0000 0A 00000006 00:0 0 0 0 1",
    ])
  func notARow(_ line: String) { #expect(TCPRow(fields(line)) == nil) }

  @Test("the lines of a table that have a word, each once")
  func linesWithWord() {
    let table = Array("heading\n 1: A:0050 B:0050 x\n 2: A:0051 B:0052\n 3: A:0053 B:0050\0".utf8)
    #expect(
      ProcTable.lines(of: table, with: ":0050") == [" 1: A:0050 B:0050 x", " 3: A:0053 B:0050"])
    #expect(ProcTable.lines(of: table, with: "heading") == ["heading"])
    #expect(ProcTable.lines(of: table, with: "C").isEmpty)
    #expect(ProcTable.lines(of: [0], with: "x").isEmpty)
    #expect(ProcTable.port(80) == ":0050")
    #expect(ProcTable.port(65535) == ":FFFF")
  }

  @Test("its own process")
  func ownProcess() {
    let process = ProcessView(pid: getpid())
    #expect(process.exists)
    #expect(process.descriptorCount >= 3)
    #expect(!process.threads.isEmpty)
  }

  @Test("that a process is not there")
  func noProcess() {
    // Beyond the largest number that pid_max can be set to.
    let process = ProcessView(pid: 1 << 23)
    #expect(!process.exists)
    #expect(process.descriptorCount == 0)
    #expect(process.children.isEmpty)
    #expect(process.ticks == 0)
  }

  @Test("a child, and the call that it sleeps in")
  func sleepingChild() throws {
    let child = Process()
    child.executableURL = URL(fileURLWithPath: "/bin/sleep")
    child.arguments = ["60"]
    try child.run()
    // It may have SIGTERM blocked, as the thread that started it.
    defer {
      kill(child.processIdentifier, SIGKILL)
      child.waitUntilExit()
    }
    let view = ProcessView(pid: child.processIdentifier)
    let deadline = Deadline(in: 5000)
    while !view.isIn(.sleep), !deadline.hasPassed { Clock.sleep(0.005) }
    #expect(view.isIn(.sleep))
    #expect(!view.isIn(.connect) || view.state == "S")
    #expect(ProcessView(pid: getpid()).descendants.contains { $0.pid == view.pid })
  }

  @Test("the words of a ready line")
  func readyWords() throws {
    let words = try #require(ReadyFields("ready pid=12 address=127.0.0.1 port=9000"))
    let server = try HarnessServer(words)
    #expect(server.pid == 12)
    #expect(server.target == "127.0.0.1:9000")
    #expect(server.netid == "tcp")
    let unix = try HarnessServer(try #require(ReadyFields("ready pid=12 path=@x=y")))
    #expect(unix.target == "unix:@x=y")
    #expect(unix.netid == "u_str")
  }

  @Test(
    "that a line says too little",
    arguments: ["ready", "ready pid=x port=1", "ready pid=1", "ready pid=1 address=a port=70000"])
  func incompleteReadyLine(_ line: String) throws {
    let words = try #require(ReadyFields(line))
    #expect(throws: DemoError.self) { try HarnessServer(words) }
  }

  @Test(
    "that a line is no ready line", arguments: ["", "accepted 1.2.3.4:5 by pid 6", "readypid=1"])
  func otherLine(_ line: String) { #expect(ReadyFields(line) == nil) }

  private func fields(_ line: String) -> [Substring.UTF8View] {
    Substring(line).utf8.split(separator: UInt8(ascii: " "))
  }
}
