import ProcNet
import Testing

@testable import sockinspect

@Suite("Tables") struct TableTests {
  private static let columns = ["netid", "state", "recv-q", "send-q", "local", "peer"]
    .compactMap { ColumnSet.sockets[$0] }
  private static let host: UInt32 = 0x7F00_0001

  /// A full listener, a client of it, a queued connection, one that is over, a long unix path.
  private static let sockets: [Socket] = [
    .tcp(.listen, (host, 9000), queues: (3, 2), inode: 71, cookie: 1),
    .tcp(.established, (host, 34702), (host, 9000), inode: 72, cookie: 2),
    .tcp(
      .established, (host, 9000), (host, 34702), queues: (8, 0), cookie: 3,
      details: SocketDetails(tcp: TCPInfo([.lastDataSent: 2812]))),
    .tcp(.timeWait, (host, 9000), (host, 34690), cookie: 4),
    .unix(.listen, path: "/run/user/1000/a long way down/to/a socket.sock", inode: 73),
  ]
  private static let facts = RowContext(
    owners: [71: [Owner("serial", 812, 3)], 72: [Owner("client", 813, 5)], 73: [Owner("x", 1, 2)]],
    ownerships: [3: .queued, 4: .timeWait])

  private static func table(
    width: Int = 80, colour: Bool = false, processes: Bool = false, showsHeader: Bool = true
  ) -> String {
    var details = SSDetails()
    details.processes = processes
    let tail = RowTail<Socket>(heading: "Process") { [details] socket, context, writer in
      SocketTable.appendOwnership(of: socket, context, to: &writer)
      details.append(socket, context, to: &writer)
    }
    var table = AlignedTable(
      columns, showsHeader: showsHeader, width: width, palette: Palette(isColoured: colour), gap: 1,
      rowTone: { facts.ownership(of: $0) == .timeWait ? .faint : .plain }, tail: tail)
    return listing(&table)
  }

  private static func listing(_ format: inout some TableFormat<Socket>) -> String {
    written { writer in
      format.begin(&writer)
      for socket in sockets { format.row(socket, facts, &writer) }
      format.end([], &writer)
    }
  }

  @Test("80 columns: aligned, numbers to the right, and what has no room goes below its row")
  func narrow() {
    #expect(
      Self.table() == """
        Netid State     Recv-Q Send-Q Local Address:Port              Peer Address:Port
        tcp   LISTEN         3      2 127.0.0.1:9000                  0.0.0.0:*
        tcp   ESTAB          0      0 127.0.0.1:34702                 127.0.0.1:9000
        tcp   ESTAB          8      0 127.0.0.1:9000                  127.0.0.1:34702
            (queued for 2.8 s)
        tcp   TIME-WAIT      0      0 127.0.0.1:9000                  127.0.0.1:34690
        u_str LISTEN         0      0 /run/user/1000/a long way down/to/a socket.sock 73
            * 0

        """)
  }

  @Test("where owners do not fit behind a row, their names alone may; else they go below")
  func briefTail() {
    var tail = RowTail<Socket>(heading: "Process") {
      SocketTable.appendOwners(of: $0, $1, to: &$2)
    }
    tail.brief = { SocketTable.appendOwners(of: $0, $1, isBrief: true, to: &$2) }
    func rows(_ width: Int) -> [Substring] {
      var table = AlignedTable(
        Self.columns.suffix(2).map { $0 }, showsHeader: false, width: width, gap: 1, tail: tail)
      return written { writer in
        for socket in Self.sockets.prefix(2) { table.row(socket, Self.facts, &writer) }
        table.end([], &writer)
      }.split(separator: "\n")
    }
    let row = "127.0.0.1:34702 127.0.0.1:9000"
    #expect(rows(47)[1] == "\(row) client (pid 813)")
    #expect(rows(46) == ["127.0.0.1:9000  0.0.0.0:*      serial", "\(row) client"])
    #expect(rows(36).suffix(2) == ["127.0.0.1:34702 127.0.0.1:9000", "    client (pid 813)"])
  }

  @Test("where the locale has only ASCII, so has the table")
  func ascii() {
    let facts = RowContext(owners: [71: [Owner("näme", 5, 3), Owner("näme", 4, 3)]])
    let tail = RowTail<Socket> { SocketTable.appendOwners(of: $0, $1, to: &$2) }
    func row(_ style: TextStyle) -> String {
      var table = AlignedTable(
        Self.columns.suffix(2).map { $0 }, showsHeader: false, width: 80, style: style, gap: 1,
        tail: tail)
      return written { writer in
        table.row(Self.sockets[0], facts, &writer)
        table.end([], &writer)
      }
    }
    #expect(row(TextStyle()) == "127.0.0.1:9000 0.0.0.0:* näme ×2 (pids 4,5)\n")
    #expect(row(TextStyle(isUnicode: false)) == "127.0.0.1:9000 0.0.0.0:* n?me x2 (pids 4,5)\n")
  }

  @Test("both ends of a local connection stand together, in the order of the first")
  func joinedEnds() {
    let (host, server) = (Self.host, 9000 as UInt16)
    func ends(_ port: UInt16) -> (client: Socket, server: Socket) {
      (
        .tcp(.established, (host, port), (host, server), inode: UInt32(port)),
        .tcp(.established, (host, server), (host, port), inode: UInt32(port) + 1)
      )
    }
    let (one, two) = (ends(100), ends(200))
    let elsewhere = {
      var end = one.server
      end.namespace = 7
      return end
    }()
    let unix = [
      Socket.unix(.established, inode: 1, peer: 2), .unix(.established, inode: 2, peer: 1),
    ]
    let all =
      [
        unix[0], one.client, elsewhere, two.server, Self.sockets[0], unix[1], one.server,
        two.client,
      ]
    var joined = JoinedEnds()
    for socket in all {
      let isKept = joined.keep(socket)
      #expect(isKept)
    }
    #expect(
      joined.joined().map(\.inode) == [1, 2, 100, 101, 101, 201, 200, 71].map { UInt32($0) })
    #expect(joined.joined().isEmpty)
  }

  @Test("no line is wider than the terminal unless one cell is", arguments: [60, 80, 100, 132])
  func widths(width: Int) {
    var wide = Self.sockets[1]
    let address = IPAddress(v6High: 0x2001_0db8_85a3_0000, low: 0x1111_8a2e_0370_7334)
    (wide.local.address, wide.peer.address, wide.family) = (address, address, .inet6)
    var table = AlignedTable(Self.columns, showsHeader: true, width: width, gap: 1)
    let text = written { writer in
      for socket in Self.sockets + [wide] { table.row(socket, Self.facts, &writer) }
      table.end([], &writer)
    }
    let lines = text.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= width }, "\(text)")
    #expect(text.contains("[2001:db8:85a3:0:1111:8a2e:370:7334]:34702"))
    #expect(text.contains("[2001:db8:85a3:0:1111:8a2e:370:7334]:9000\n"))
  }

  @Test("200 columns: what is known of the holder stands behind the row")
  func wide() {
    let rows = Self.table(width: 200, processes: true)
      .split(separator: "\n", omittingEmptySubsequences: false)
    #expect(rows.count == 7)
    #expect(rows[0].hasSuffix("Peer Address:Port Process"))
    #expect(rows[1].hasSuffix(#"0.0.0.0:*         users:(("serial",pid=812,fd=3))"#))
    #expect(rows[3].hasSuffix("127.0.0.1:34702   (queued for 2.8 s)"))
    let places = [(1, "users:"), (2, "users:"), (3, "(queued")].map { row, word in
      rows[row].firstRange(of: word)?.lowerBound.utf16Offset(in: rows[row])
    }
    #expect(Set(places).count == 1 && places[0] != nil)
  }

  @Test("colour tells full listeners, queued connections, and what is over")
  func colour() {
    let red = "\u{1b}[1;31m"
    let yellow = "\u{1b}[33m"
    let green = "\u{1b}[32m"
    let cyan = "\u{1b}[36m"
    let faint = "\u{1b}[2m"
    let end = "\u{1b}[0m"
    let rows = Self.table(colour: true).split(separator: "\n").map(String.init)
    #expect(rows[0].hasPrefix("\u{1b}[1mNetid") && rows[0].hasSuffix(end))
    #expect(rows[1].hasPrefix("tcp   \(red)LISTEN\(end)         \(red)3\(end)      2 127"))
    #expect(rows[2].hasPrefix("tcp   \(green)ESTAB\(end)  "))
    #expect(rows[3].hasPrefix("tcp   \(yellow)ESTAB\(end)  "))
    #expect(rows[5].hasPrefix("\(faint)tcp\(end)   \(faint)TIME-WAIT\(end) "))
    #expect(rows[6].hasPrefix("u_str \(cyan)LISTEN\(end) "))
  }

  @Test("without the colours it is the table without colour")
  func coloursOnly() {
    let coloured = Self.table(colour: true).replacing(/\u{1b}\[[0-9;]*m/, with: "")
    #expect(coloured == Self.table())
  }

  @Test("-H leaves out the heading and its widths")
  func noHeading() {
    let first = Self.table(width: 200, showsHeader: false).split(separator: "\n").first
    #expect(first?.hasPrefix("tcp   LISTEN    3 2 127.0.0.1:9000 ") == true)
  }

  @Test("words that do not fit wrap between words, below their row")
  func wrapping() {
    let words = Array("one two three four\n\t five".utf8)
    let shown = written { WordWrap(width: 12).append(words, from: 2, to: &$0) }
    #expect(shown == "\n    one two\n    three\n    four\n    five")
    #expect(
      written { WordWrap(width: 20).append(words, from: 2, to: &$0) }
        == "one two three four\n    five")
  }

  @Test("a list of owners that no line has room for is cut between owners")
  func manyOwners() {
    let words = Array(#"users:(("a",pid=1,fd=3),("b",pid=2,fd=3),("c",pid=3,fd=3)) ino:7"#.utf8)
    let shown = written { WordWrap(width: 48).append(words, from: 2, to: &$0) }
    #expect(
      shown == """

            users:(("a",pid=1,fd=3),("b",pid=2,fd=3),
            ("c",pid=3,fd=3)) ino:7
        """)
  }

  @Test("rows after the first thousand keep the widths")
  func manyRows() {
    var table = AlignedTable(Self.columns, showsHeader: true, width: 200, gap: 1)
    let text = written { writer in
      for _ in 0..<1000 { table.row(Self.sockets[0], Self.facts, &writer) }
      let isWritten = writer.count > 0
      #expect(isWritten)
      table.row(Self.sockets[4], Self.facts, &writer)
      table.end([], &writer)
    }
    let rows = text.split(separator: "\n")
    #expect(rows.count == 1002)
    #expect(rows.last?.hasSuffix("a socket.sock 73 * 0") == true)
  }

  @Test("in a pipe rows are streamed, never cut, and end without blanks")
  func plain() {
    let tail = RowTail<Socket>(heading: "Process") { socket, context, writer in
      var details = SSDetails()
      details.processes = true
      details.append(socket, context, to: &writer)
    }
    var table = StreamedTable(Self.columns, showsHeader: true, tail: tail)
    #expect(
      Self.listing(&table) == """
        Netid State      Recv-Q Send-Q Local Address:Port    Peer Address:Port     Process
        tcp   LISTEN     3      2      127.0.0.1:9000        0.0.0.0:*              \
        users:(("serial",pid=812,fd=3))
        tcp   ESTAB      0      0      127.0.0.1:34702       127.0.0.1:9000         \
        users:(("client",pid=813,fd=5))
        tcp   ESTAB      8      0      127.0.0.1:9000        127.0.0.1:34702
        tcp   TIME-WAIT  0      0      127.0.0.1:9000        127.0.0.1:34690
        u_str LISTEN     0      0      /run/user/1000/a long way down/to/a socket.sock 73 * 0\
                            users:(("x",pid=1,fd=2))

        """)
  }

  @Test(
    "columns of the screen, not bytes",
    arguments: [
      ("", 0), ("nginx", 5), ("Müller", 6), ("日本", 4), ("e\u{301}", 1), ("🦆", 2), ("한", 2),
      ("\u{ff21}", 2), (#"\x1b"#, 4),
    ])
  func displayWidth(text: String, columns: Int) {
    #expect(DisplayWidth.of(Array(text.utf8)) == columns)
  }

  @Test("a byte that is no character takes one column")
  func brokenWidth() { #expect(DisplayWidth.of([0xFF, 0xE2, 0x82]) == 3) }
}
