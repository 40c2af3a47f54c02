import Testing

@testable import ProcNet

@Suite("/proc/net/tcp and tcp6")
struct ProcNetTCPTests {
  private func decode(_ line: String, _ family: AddressFamily = .inet) -> Socket? {
    ProcNetTCP.decode(line: Array(line.utf8).span, family: family)
  }

  /// A row with these columns: state, queues, timer, retransmits, uid, probes.
  private func row(
    _ state: String, queues: String = "00000000:00000000", timer: String = "00:00000000",
    retransmits: String = "00000000", uid: String = "0", probes: String = "0",
    inode: String = "77"
  ) -> String {
    "   0: 0100007F:1F90 0200007F:0016 \(state) \(queues) \(timer) \(retransmits) \(uid) "
      + "\(probes) \(inode) 1 0000000000000000 20 4 30 10 -1"
  }

  @Test("a listener has a queue and no limit")
  func listener() throws {
    let socket = try #require(decode(ProcNetTables.line(ProcNetTables.tcp, "0:")))
    #expect(socket.netid == .tcp)
    #expect(socket.family == .inet)
    #expect(socket.state == .listen)  // 0A
    #expect(socket.queues.recvQ == 1)  // :00000001
    #expect(socket.queues.sendQ == nil)  // 00000000: is what the file has for any limit
    // 0100007F is 127.0.0.1 read as one number by a little-endian host, A4F7 is 42231.
    #expect(socket.local == Endpoint(address: IPAddress(v4: 0x7F00_0001), port: 42231))
    #expect(socket.peer == .anyV4)
    #expect(socket.inode == 32462)
    #expect(socket.uid == 0)
    #expect(socket.timer == SocketTimer(kind: 0, expires: 0, retransmits: 0))
    #expect(socket.cookie == nil)
  }

  @Test("the keepalive timer counts its probes in the timeout column")
  func keepalive() throws {
    let socket = try #require(decode(ProcNetTables.line(ProcNetTables.tcp, "2:")))
    // 02:000AFC1C: 719,900 hundredths of a second, almost two hours.
    #expect(socket.timer == SocketTimer(kind: 2, expires: 7_199_000, retransmits: 3))
    #expect(socket.uid == 1000)
  }

  @Test("the retransmission timer counts in the retrnsmt column")
  func retransmission() {
    let line = row("02", timer: "01:00000064", retransmits: "00000003", probes: "9")
    #expect(decode(line)?.timer == SocketTimer(kind: 1, expires: 1000, retransmits: 3))
  }

  @Test("without a timer nothing is counted")
  func noTimer() {
    let line = row("01", retransmits: "00000003", probes: "9")
    #expect(decode(line)?.timer == SocketTimer(kind: 0, expires: 0, retransmits: 0))
  }

  @Test("a full window: bytes to send, window probe timer, one probe")
  func windowProbe() throws {
    let socket = try #require(decode(ProcNetTables.line(ProcNetTables.tcp6, "4:"), .inet6))
    #expect(socket.queues.sendQ == 0x39B600)
    #expect(socket.queues.recvQ == 0)
    #expect(socket.timer == SocketTimer(kind: 4, expires: 710, retransmits: 1))
    #expect(socket.family == .inet6)
  }

  @Test("TIME-WAIT has a timer, no inode, and an owner that nobody knows")
  func timeWait() throws {
    let socket = try #require(decode(ProcNetTables.line(ProcNetTables.tcp, "5:")))
    #expect(socket.state == .timeWait)
    #expect(socket.timer == SocketTimer(kind: 3, expires: 58990, retransmits: 0))
    #expect(socket.inode == 0)
    #expect(socket.uid == nil)
  }

  @Test("an IPv6 address is four words of the host")
  func addressV6() throws {
    let line = """
       4: B80D0120000000000000000001000000:0050 0000000000000000FFFF00000100007F:C712 01 \
      00000000:00000000 00:00000000 00000000     0        0 32468 2 0 20 0 0 10 -1
      """
    let socket = try #require(decode(line, .inet6))
    // 2001:db8::1 port 80, and ::ffff:127.0.0.1
    #expect(
      socket.local.address == IPAddress(v6High: 0x2001_0DB8_0000_0000, low: 1))
    #expect(socket.local.port == 80)
    #expect(socket.peer.address.isMappedV4)
    #expect(socket.peer.address.v4 == 0x7F00_0001)
  }

  @Test("an unknown state is kept")
  func unknownState() {
    #expect(decode(row("0D"))?.state == .boundInactive)
    #expect(decode(row("FE"))?.state.rawValue == 0xFE)
  }

  @Test("numbers at their limits")
  func limits() throws {
    let line = row(
      "01", queues: "FFFFFFFF:FFFFFFFF", timer: "01:FFFFFFFFFFFFFFFF", retransmits: "FFFFFFFF",
      uid: "4294967295", inode: "4294967295")
    let socket = try #require(decode(line))
    #expect(socket.queues.sendQ == .max)
    #expect(socket.queues.recvQ == .max)
    #expect(socket.timer == SocketTimer(kind: 1, expires: .max, retransmits: .max))
    #expect(socket.uid == .max)
    #expect(socket.inode == .max)
  }

  @Test(
    "a line that is no row is nil",
    arguments: [
      "", " ", "sl", "0:", "0: 0100007F", "0: 0100007F:", "0: 0100007F:1F90",
      "x: 0100007F:1F90 0200007F:0016 01 0:0 00:0 0 0 0 77 1",
      "0: 0100007F1:1F90 0200007F:0016 01 0:0 00:0 0 0 0 77 1",  // address too long
      "0: 0100007F:1F901 0200007F:0016 01 0:0 00:0 0 0 0 77 1",  // port too long
      "0: 0100007F:1F90 0200007F:0016 01 0:0 00:0 0 0 0 4294967296 1",  // inode too large
      "0: 0100007F:1F90 0200007F:0016 01 0:0 00:0 0 4294967296 0 77 1",  // uid too large
      "0: 0100007F:1F90 0200007F:0016 01 0:0 00:0 0 0 0 99999999999999999999999 1",
      "99999999999999999999999: 0100007F:1F90 0200007F:0016 01 0:0 00:0 0 0 0 77 1",
    ])
  func noRow(line: String) {
    #expect(decode(line)?.inode == nil)
    #expect(decode(line, .inet6)?.inode == nil)
  }

  @Test("a cut row gives the whole row's numbers or nothing, never part of a number")
  func prefixes() throws {
    for (table, family) in [(ProcNetTables.tcp, AddressFamily.inet), (ProcNetTables.tcp6, .inet6)] {
      for line in table.split(separator: "\n").dropFirst() {
        let whole = try #require(decode(String(line), family))
        for count in 0..<line.count {
          guard let socket = decode(String(line.prefix(count)), family) else { continue }
          #expect("\(socket)" == "\(whole)", "the first \(count) bytes of \(line)")
        }
      }
    }
  }

  @Test("the line of titles is recognised, a row is not taken for it")
  func header() {
    for table in [ProcNetTables.tcp, ProcNetTables.tcp6] {
      let lines = table.split(separator: "\n").map { Array($0.utf8) }
      #expect(lines.map { ProcNetTCP.isHeader($0.span) }.firstIndex(of: false) == 1)
      #expect(lines.filter { ProcNetTCP.isHeader($0.span) }.count == 1)
    }
  }
}
