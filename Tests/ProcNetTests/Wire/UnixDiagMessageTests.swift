import Testing

@testable import ProcNet

@Suite("One message of a unix dump") struct UnixDiagMessageTests {
  private static let listener = HexDump(
    """
    01                      ;  0 family: AF_UNIX
    01                      ;  1 type: SOCK_STREAM
    0a                      ;  2 state: TCP_LISTEN
    00                      ;  3 padding
    39 30 00 00             ;  4 inode 12345
    02 00 00 00 01 00 00 00 ;  8 cookie: low word 2, high word 1
    """
  ).bytes

  private func decode(
    _ attributes: [UInt8] = [], details: SocketQuery.Details = .all, type: UInt8 = 1
  ) -> Socket? {
    var bytes = Self.listener + attributes
    bytes[1] = type
    return UnixDiagMessage.decode(bytes.span, details: details)
  }

  @Test("without attributes nothing but the row is known")
  func bare() throws {
    let socket = try #require(decode())
    #expect(socket.netid == .unixStream)
    #expect(socket.family == .unix)
    #expect(socket.state == .listen)
    #expect(socket.inode == 12345)
    #expect(socket.cookie == 1 << 32 | 2)
    #expect(socket.path == nil)
    #expect(socket.peerInode == nil)
    #expect(socket.queues.recvQ == nil)
    #expect(socket.queues.sendQ == nil)
    #expect(socket.uid == nil)
    #expect(socket.details?.waiting == nil)
    #expect(socket.details?.shutdown == nil)
  }

  @Test("the type is the kind of socket; a type that does not exist is none")
  func types() {
    let kinds: [UInt8: Netid] = [1: .unixStream, 2: .unixDatagram, 5: .unixSeqpacket]
    for type in UInt8.min...UInt8.max {
      #expect(decode(type: type)?.netid == kinds[type])
    }
  }

  @Test("another family is no unix socket")
  func family() {
    let bytes = [2] + Self.listener.dropFirst()
    let socket = UnixDiagMessage.decode(bytes.span, details: .all)
    #expect(socket == nil)
  }

  @Test("a message shorter than its structure is no socket")
  func prefixes() {
    for count in 0..<UnixDiagMessage.size {
      let bytes = Array(Self.listener.prefix(count))
      let socket = UnixDiagMessage.decode(bytes.span, details: .all)
      #expect(socket == nil)
    }
  }

  @Test(
    "a path loses the zero byte that ends it, an abstract name keeps each",
    arguments: [
      ("/run/a b\n.sock\0", "/run/a b\n.sock"), ("/run/x", "/run/x"), ("\0abc", "\0abc"),
      ("\0a\0b\0", "\0a\0b\0"), ("\0", "\0"),
      (String(repeating: "p", count: 108) + "\0", String(repeating: "p", count: 108)),
    ])
  func names(sent: String, path: String) throws {
    let socket = try #require(decode(HexDump.attribute(0, Array(sent.utf8))))
    #expect(socket.path == Array(path.utf8))
  }

  @Test("bytes that are no text stay as they are")
  func hostileName() throws {
    let name: [UInt8] = [0x2F, 0xFF, 0x1B, 0xC3, 0x0A]
    #expect(try #require(decode(HexDump.attribute(0, name + [0]))).path == name)
  }

  @Test("queues come as a pair or not at all")
  func queues() throws {
    let socket = try #require(decode(HexDump.attribute(4, HexDump.words([3, 128]))))
    #expect(socket.queues.recvQ == 3)
    #expect(socket.queues.sendQ == 128)
    let short = try #require(decode(HexDump.attribute(4, HexDump.words([3]) + [1, 2, 3])))
    #expect(short.queues.recvQ == nil)
    #expect(short.queues.sendQ == nil)
  }

  @Test("file, peer, waiting inodes, memory, shutdown and user have attributes of their own")
  func attributes() throws {
    let socket = try #require(
      decode(
        HexDump.attribute(1, HexDump.words([7, 0x0FE0_0000]))  // UNIX_DIAG_VFS: inode, device
          + HexDump.attribute(2, HexDump.words([77]))  // UNIX_DIAG_PEER
          + HexDump.attribute(3, HexDump.words([8, 9, 10]))  // UNIX_DIAG_ICONS
          + HexDump.attribute(5, HexDump.words([1, 2, 3, 4, 5, 6, 7, 8, 9]))  // MEMINFO
          + HexDump.attribute(6, [3])  // UNIX_DIAG_SHUTDOWN
          + HexDump.attribute(7, HexDump.words([1000]))  // UNIX_DIAG_UID
          + HexDump.attribute(40, [1, 2, 3])))
    #expect(socket.details?.file == SocketFile(inode: 7, device: 0x0FE0_0000))
    #expect(socket.peerInode == 77)
    #expect(socket.details?.waiting == [8, 9, 10])
    #expect(socket.details?.memory?.drops == 9)
    #expect(socket.details?.shutdown == 3)
    #expect(socket.uid == 1000)
  }

  @Test("the row's own facts come without details being asked for, and then without details")
  func plain() throws {
    let socket = try #require(
      decode(
        HexDump.attribute(2, HexDump.words([77])) + HexDump.attribute(6, [3]), details: []))
    #expect(socket.peerInode == 77)
    #expect(socket.details == nil)
  }
}
