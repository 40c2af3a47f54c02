import Glibc
import ProcNet
import Testing

/// What a listing gave: one text per socket, and the gaps.
struct Listed {
  var sockets: [Socket] = []
  var gaps: [Gap] = []

  init(_ kernel: some Kernel, _ query: SocketQuery = SocketQuery(netids: .all)) throws {
    var found: [Socket] = []
    try ProcSource().list(query, through: kernel, gaps: &gaps) { found.append(copy $0) }
    sockets = found
  }

  var inodes: [UInt32] { sockets.map(\.inode) }
  /// Each socket with all its facts.
  var texts: [String] { sockets.map { "\($0)" } }
}

@Suite("Sockets from /proc/net")
struct ProcSourceTests {
  let kernel = FilesInPieces(ProcNetTables.files)

  @Test("all tables are listed in the order of Netid, IPv4 before IPv6")
  func order() throws {
    let listed = try Listed(kernel)
    #expect(
      listed.inodes == [
        32476, 32477,  // packet
        32479, 0, 0, 32487, 32484, 32480, 32482, 32478, 32485,  // unix, listeners last
        32474, 32475, 32471, 32472, 32473,  // raw, raw6, udp, udp6
        32462, 32466, 32465, 32467, 0, 0,  // tcp
        32464, 32463, 32488,  // tcp6
      ])
  }

  @Test("the size of the pieces makes no difference", arguments: [1, 7, 60, 4096])
  func pieces(size: Int) throws {
    var inPieces = kernel
    inPieces.pieceSize = size
    let listed = try Listed(inPieces)
    #expect(listed.texts == (try Listed(kernel)).texts)
    #expect(listed.gaps == (try Listed(kernel)).gaps)
  }

  @Test("listeners are listed with one gap: /proc has no accept queue limits")
  func limitGap() throws {
    let gaps = try Listed(kernel).gaps
    #expect(
      gaps.map(\.message) == [
        "accept queue limits not shown: /proc/net does not have them; sock_diag has them"
      ])
    let established = StateSet(.established)
    #expect(try Listed(kernel, SocketQuery(netids: .all, states: established)).gaps.isEmpty)
  }

  @Test("listing table by table does not repeat a gap")
  func gapsOnce() throws {
    var gaps: [Gap] = []
    for family in [FamilySet.inet, .inet6] {
      let query = SocketQuery(netids: .tcp, families: family)
      try ProcSource().list(query, through: kernel, gaps: &gaps) { _ in }
    }
    #expect(gaps.count == 1)
  }

  @Test("kinds, families and states that were not asked for are left out")
  func filters() throws {
    let udp = try Listed(kernel, SocketQuery(netids: .udp, families: .inet6))
    #expect(udp.inodes == [32473])
    let listening = try Listed(kernel, SocketQuery(netids: .internet, states: StateSet(.listen)))
    #expect(listening.inodes == [32462, 32464, 32463])
    let seqpacket = try Listed(kernel, SocketQuery(netids: .unixSeqpacket))
    #expect(seqpacket.inodes == [32484, 32482])
  }

  @Test("the namespace of the query is filled in, and its folder is read")
  func namespace() throws {
    let files = FilesInPieces(["/proc/77/net/tcp": ProcNetTables.tcp])
    let place = NetworkNamespace(inode: 4_026_531_840, path: nil, tables: "/proc/77/net")
    let listed = try Listed(files, SocketQuery(netids: .tcp, namespace: place))
    #expect(listed.sockets.count == 6)
    #expect(listed.sockets.allSatisfy { $0.namespace == 4_026_531_840 })
  }

  @Test("a namespace without processes is a gap, not an empty listing")
  func noTables() throws {
    let place = NetworkNamespace(inode: 7, path: "/run/netns/blue", tables: nil, name: "blue")
    let listed = try Listed(kernel, SocketQuery(netids: .all, namespace: place))
    #expect(listed.sockets.isEmpty)
    #expect(listed.gaps.map(\.missing) == ["sockets of network namespace blue"])
  }

  @Test("a protocol that this kernel does not have is nothing to list and no gap")
  func missingFile() throws {
    var files = kernel
    files.files["/proc/net/tcp6"] = nil
    files.files["/proc/net/packet"] = nil
    let listed = try Listed(files, SocketQuery(netids: [.tcp, .packet], states: .connected))
    #expect(listed.inodes == [32466, 32465, 32467, 0, 0])
    #expect(listed.gaps.isEmpty)
  }

  @Test("a process that has ended, with all its tables, is a gap")
  func endedProcess() throws {
    let place = NetworkNamespace(inode: 7, path: nil, tables: "/proc/77/net")
    let listed = try Listed(FilesInPieces(), SocketQuery(netids: .all, namespace: place))
    #expect(
      listed.gaps.map(\.message) == [
        "sockets of /proc/77/net not shown: no such file or directory"
      ])
  }

  @Test("two sockets that share an inode are two rows, one row that comes twice is one")
  func sharedInode() throws {
    let row = { (port: String) in
      "   0: 0100007F:\(port) 0100007F:C0DE 01 00000000:00000000 00:00000000 00000000  33  0 77 1\n"
    }
    let text = ProcNetTables.tcpHeader + "\n" + row("1F90") + row("1F91") + row("1F90")
    let listed = try Listed(
      FilesInPieces(["/proc/net/tcp": text]), SocketQuery(netids: .tcp, families: .inet))
    #expect(listed.sockets.map(\.local.port) == [8080, 8081])
  }

  @Test("a namespace in which there is no socket is no gap")
  func noSockets() throws {
    let files = FilesInPieces([
      "/proc/net/dev": "", "/proc/net/tcp": ProcNetTables.tcpHeader + "\n",
    ])
    #expect(try Listed(files).gaps.isEmpty)
  }

  @Test("a table that cannot be read is a gap, and the others are listed")
  func denied() throws {
    var files = kernel
    files.failures["/proc/net/tcp"] = EACCES
    let listed = try Listed(files, SocketQuery(netids: [.tcp, .udp]))
    #expect(listed.inodes == [32471, 32472, 32473, 32464, 32463, 32488])
    #expect(
      listed.gaps.first?.message
        == "/proc/net/tcp not shown: permission denied; run as root")
  }

  @Test("a table that breaks off is a gap behind the rows that came")
  func brokenOff() throws {
    var files = kernel
    files.failuresAtEnd["/proc/net/udp"] = EIO
    let listed = try Listed(files, SocketQuery(netids: .udp, families: .inet))
    #expect(listed.inodes == [32471, 32472])
    #expect(listed.gaps.map(\.missing) == ["the rest of /proc/net/udp"])
  }

  @Test("a bad row costs one row and is counted, overlong ones too")
  func badRows() throws {
    var lines = ProcNetTables.udp.split(separator: "\n").map(String.init)
    lines.insert(contentsOf: ["rubbish", String(repeating: "x", count: 5000), "  9: 0100"], at: 2)
    let files = FilesInPieces(["/proc/net/udp": lines.joined(separator: "\n")], pieceSize: 100)
    let listed = try Listed(files)
    #expect(listed.inodes == [32471, 32472])
    #expect(
      listed.gaps.map(\.message) == [
        "3 rows of /proc/net/udp not shown: not in the form that is known"
      ])
  }

  @Test("a row that the kernel repeats is listed once")
  func repeatedRows() throws {
    let rows = ProcNetTables.tcp + ProcNetTables.tcp
    let listed = try Listed(FilesInPieces(["/proc/net/tcp": rows]))
    #expect(listed.inodes == [32462, 32466, 32465, 32467, 0, 0])
  }

  @Test("unix sockets that wait for accept have no inode and are all listed")
  func waitingUnixSockets() throws {
    let waiting = "0: 00000003 00000000 00000000 0001 02     0 /run/x\n"
    let listed = try Listed(FilesInPieces(["/proc/net/unix": waiting + waiting]))
    #expect(listed.sockets.count == 2)
  }

  @Test("a path with spaces and newlines is one path")
  func unixPaths() throws {
    let listed = try Listed(kernel, SocketQuery(netids: .unixStream, states: StateSet(.listen)))
    #expect(listed.sockets.map(\.path) == [Array("/run/a b\nc".utf8), Array("\0only\n".utf8)])
    #expect(listed.gaps.count == 1)
  }

  @Test("a path longer than any socket can have is a bad row, not a path without end")
  func endlessPath() throws {
    let row = "0: 00000003 00000000 00010000 0001 01    77 /run/x\n"
    let more = String(repeating: "aaaaaaaaa\n", count: 20)
    let listed = try Listed(FilesInPieces(["/proc/net/unix": row + more]))
    #expect(listed.sockets.count == 1)
    // "/run/x" and ten times a newline and nine letters are 106 bytes.
    #expect(listed.sockets.first?.path?.count == 106)
    #expect(listed.gaps.first?.missing == "10 rows of /proc/net/unix")
  }

  @Test("a state that has no name is listed when everything is asked for")
  func unknownState() throws {
    let row = ProcNetTables.line(ProcNetTables.udp, "6273").replacing(" 07 ", with: " 2E ")
    let files = FilesInPieces(["/proc/net/udp": row])
    #expect(try Listed(files).sockets.map(\.state.rawValue) == [0x2E])
    #expect(try Listed(files, SocketQuery(netids: .all, states: .usual)).sockets.isEmpty)
  }

  @Test("dropped datagrams are told only when memory was asked for")
  func drops() throws {
    let asked = try Listed(kernel, SocketQuery(netids: .udp, families: .inet, details: .memory))
    #expect(asked.sockets.map(\.details?.drops) == [17, 0])
    #expect(asked.sockets.allSatisfy { $0.details?.memory == nil })
    let plain = try Listed(kernel, SocketQuery(netids: .udp, families: .inet))
    #expect(plain.sockets.allSatisfy { $0.details == nil })
  }

  @Test("a failing sink ends the listing with its own error")
  func failingSink() {
    let failure = KernelError("write", "the output", .system(EPIPE))
    var gaps: [Gap] = []
    var calls = 0
    #expect(throws: failure) {
      try ProcSource().list(SocketQuery(netids: .all), through: kernel, gaps: &gaps) {
        (_: borrowing Socket) throws(KernelError) in
        calls += 1
        if calls == 3 { throw failure }
      }
    }
    #expect(calls == 3)
  }
}
