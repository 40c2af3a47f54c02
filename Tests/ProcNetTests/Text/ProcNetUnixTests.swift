import Testing

@testable import ProcNet

@Suite("/proc/net/unix")
struct ProcNetUnixTests {
  private func decode(_ line: String) -> Socket? {
    ProcNetUnix.decode(line: Array(line.utf8).span)
  }

  /// A row: flags, type, state, and what follows the inode.
  private func row(_ flags: String, _ type: String, _ state: String, _ rest: String) -> String {
    "00000000df59cbab: 00000002 00000000 \(flags) \(type) \(state) 32478\(rest)"
  }

  @Test(
    "states as sock_diag tells them",
    arguments: [
      ("00010000", "01", SocketState.listen),  // __SO_ACCEPTCON
      ("00000000", "01", .close),  // SS_UNCONNECTED
      ("00000000", "02", .established),  // SS_CONNECTING: waits for accept
      ("00000000", "03", .established),  // SS_CONNECTED
      ("00000000", "04", .close),  // SS_DISCONNECTING
    ])
  func states(flags: String, number: String, state: SocketState) {
    #expect(decode(row(flags, "0001", number, ""))?.state == state)
  }

  @Test(
    "types",
    arguments: [("0001", Netid.unixStream), ("0002", .unixDatagram), ("0005", .unixSeqpacket)])
  func types(type: String, netid: Netid) {
    #expect(decode(row("00000000", type, "01", ""))?.netid == netid)
  }

  @Test("early after booting the kernel has no random numbers to hide addresses with")
  func noAddress() throws {
    let hashed = row("00010000", "0001", "01", " /run/a")
    let early = hashed.replacing("00000000df59cbab", with: "(____ptrval____)")
    let socket = try #require(decode(early))
    #expect(socket.inode == 32478)
    #expect(socket.state == .listen)
    #expect(socket.path == Array("/run/a".utf8))
    #expect(decode(hashed.replacing("00000000df59cbab", with: "(____ptrval___)")) == nil)
    #expect(decode(hashed.replacing("00000000df59cbab", with: "")) == nil)
  }

  @Test("the file has no queues, no owner and no peer")
  func unknown() throws {
    let socket = try #require(decode(row("00000000", "0001", "03", "")))
    #expect(socket.inode == 32478)
    #expect(socket.queues.recvQ == nil)
    #expect(socket.queues.sendQ == nil)
    #expect(socket.uid == nil)
    #expect(socket.peerInode == nil)
    #expect(socket.path == nil)
  }

  @Test(
    "the path is the rest of the line",
    arguments: [
      (" /run/a b ", "/run/a b "), ("  x", " x"), (" @abs@x", "\0abs@x"), (" @", "\0"),
      (" relative", "relative"), (" /run/\u{1B}[31m", "/run/\u{1B}[31m"),
    ])
  func paths(rest: String, path: String) {
    #expect(decode(row("00010000", "0001", "01", rest))?.path == Array(path.utf8))
  }

  @Test("bytes of a path that are no UTF-8 stay as they are")
  func bytes() {
    let line = Array(row("00010000", "0001", "01", " /").utf8) + [0xFF, 0xC0, 0x80]
    #expect(ProcNetUnix.decode(line: line.span)?.path == [47, 0xFF, 0xC0, 0x80])
  }

  @Test(
    "a line that is no row is nil",
    arguments: [
      "", "c", "Num       RefCount Protocol Flags    Type St Inode Path", "0: 1 0 0 0001 01",
      "0: 1 0 0 0003 01 7 /x",  // no such type of unix socket
      "0: 1 0 0 0001 09 7 /x",  // no such state
      "0: 1 0 0 0001 01 7x /x", "0: 1 0 0 0001 01 4294967296 /x",
      "0: 1 0 0 0001 01 7 " + String(repeating: "x", count: 109),
    ])
  func noRow(line: String) {
    #expect(decode(line)?.inode == nil)
  }

  @Test("a socket without a name has no path that could go on")
  func extends() throws {
    var unnamed = try #require(decode(row("00000000", "0001", "03", "")))
    let extendsUnnamed = ProcNetUnix.extend(&unnamed, with: Array("c".utf8).span)
    #expect(!extendsUnnamed)
    var named = try #require(decode(row("00000000", "0001", "03", " /a")))
    let extendsNamed = ProcNetUnix.extend(&named, with: Array("c".utf8).span)
    #expect(extendsNamed)
    #expect(named.path == Array("/a\nc".utf8))
  }
}
