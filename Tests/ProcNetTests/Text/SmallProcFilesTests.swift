import Testing

@testable import ProcNet

@Suite("Small files of /proc")
struct SmallProcFilesTests {
  static let snmp = """
    Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens
    Tcp: 1 200 120000 -1 11 2
    Udp: InDatagrams NoPorts InErrors
    Udp: 21 0 4

    """

  static let sockstat = """
    sockets: used 15
    TCP: inuse 1 orphan 0 tw 7 alloc 1 mem 168
    FRAG: inuse 0 memory 0

    """

  static let limits = """
    Limit                     Soft Limit           Hard Limit           Units    \u{20}
    Max cpu time              unlimited            unlimited            seconds  \u{20}
    Max open files            1024                 524288               files    \u{20}
    Max locked memory         8388608              8388608              bytes    \u{20}

    """

  static let fdinfo = """
    pos:\t0
    flags:\t02004002
    mnt_id:\t17
    ino:\t1038
    tfd:       11 events: 80000019 data:     7fd50000000b  pos:0 ino:7ed7 sdev:9
    tfd:        3 events:       19 data:     7fd500000003  pos:0 ino:163f65 sdev:9

    """

  static let syscall =
    "45 0x4 0x7ffd0c3a3f20 0x1000 0x0 0x0 0x0 0x7ffd0c3a3ef8 0x7f2f6b91f2ad\n"

  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test("counters keep the kernel's order and sign")
  func counters() {
    let table = ProcNetSnmp.decode(bytes(Self.snmp).span)
    #expect(
      table.counters.map { "\($0.group) \($0.name) \($0.value)" } == [
        "Tcp RtoAlgorithm 1", "Tcp RtoMin 200", "Tcp RtoMax 120000", "Tcp MaxConn -1",
        "Tcp ActiveOpens 11", "Tcp PassiveOpens 2",
        "Udp InDatagrams 21", "Udp NoPorts 0", "Udp InErrors 4",
      ])
    #expect(table["Udp", "InErrors"] == 4)
    #expect(table["Udp", "MemErrors"] == nil)
  }

  @Test("names without values and values without names are left out")
  func unevenCounters() {
    let text = """
      TcpExt: A B C
      TcpExt: 1 2
      IpExt: D
      IpExt: 4 5
      Lost: E
      MPTcpExt: F G H
      MPTcpExt: 6 99999999999999999999 8
      """
    let table = ProcNetNetstat.decode(bytes(text).span)
    #expect(table.counters.map(\.name) == ["A", "B", "D", "F", "H"])
    #expect(table.counters.map(\.value) == [1, 2, 4, 6, 8])
  }

  @Test("sockstat has names and values in one line")
  func sockstat() {
    let table = ProcSockstat.decode(bytes(Self.sockstat).span)
    #expect(table["sockets", "used"] == 15)
    #expect(table["TCP", "tw"] == 7)
    #expect(table["TCP", "mem"] == 168)
    #expect(table.counters.count == 8)
  }

  @Test("limits of open files, now and at most")
  func limits() {
    let limits = ProcLimits.decode(bytes(Self.limits).span)
    #expect(limits == ProcLimits(softOpenFiles: .count(1024), hardOpenFiles: .count(524288)))
    let unlimited = bytes("Max open files            unlimited            unlimited    files")
    #expect(ProcLimits.decode(unlimited.span)?.softOpenFiles == .unlimited)
    #expect(ProcLimits.decode(bytes("Max open files  1024  52").span) == nil)
  }

  @Test("an epoll instance tells what it watches")
  func epoll() {
    let info = ProcFdinfo.decode(bytes(Self.fdinfo).span)
    #expect(info.flags == 0o2004002)
    #expect(
      info.watched == [
        .init(descriptor: 11, events: 0x8000_0019, inode: 0x7ED7),
        .init(descriptor: 3, events: 0x19, inode: 0x163F65),
      ])
  }

  @Test("a descriptor tells its mount, inode and locks; a pidfd its process")
  func descriptor() {
    let text =
      "pos:\t0\nflags:\t02\nmnt_id:\t24\nino:\t16220194\n"
      + "lock:\t1: FLOCK  ADVISORY  WRITE 359 fe:00:16220194 0 EOF\nlock:\tx\n"
    let info = ProcFdinfo.decode(bytes(text).span)
    #expect(info.mount == 24 && info.inode == 16_220_194 && info.process == nil)
    #expect(info.locks.map(\.process) == [359] && info.locks.first?.kind == .flock)
    let pidfd = "pos:\t0\nflags:\t02000002\nmnt_id:\t15\nino:\t1057\nPid:\t"
    #expect(ProcFdinfo.decode(bytes(pidfd + "4711\nNSpid:\t4711\n").span).process == 4711)
    for number in ["-1", "0", "", "x", "99999999999"] {
      #expect(ProcFdinfo.decode(bytes(pidfd + "\(number)\n").span).process == nil)
    }
  }

  @Test("kernels before 4.13 do not tell the inode of what is watched")
  func oldEpoll() {
    let line = bytes("tfd:        3 events:       19 data:                3\n")
    #expect(
      ProcFdinfo.decode(line.span).watched == [.init(descriptor: 3, events: 0x19, inode: nil)])
  }

  @Test("a thread that sleeps in recvfrom(4)")
  func call() {
    #expect(
      ProcSyscall.decode(bytes(Self.syscall).span)
        == .call(number: 45, arguments: [4, 0x7FFD_0C3A_3F20, 0x1000, 0, 0, 0]))
  }

  @Test("a thread that runs, or sleeps outside a call")
  func noCall() {
    #expect(ProcSyscall.decode(bytes("running\n").span) == .running)
    #expect(
      ProcSyscall.decode(bytes("-1 0x7ffd0c3a3ef8 0x7f2f6b91f2ad\n").span) == .outsideCall)
    #expect(ProcSyscall.decode(bytes("45 0x4 0x7\n").span) == nil)
    #expect(ProcSyscall.decode([UInt8]().span) == nil)
  }

  @Test("what is cut off is never half a number")
  func prefixes() {
    for count in 0..<Self.syscall.utf8.count {
      let call = ProcSyscall.decode(bytes(String(Self.syscall.prefix(count))).span)
      #expect(call == nil || call == ProcSyscall.decode(bytes(Self.syscall).span))
    }
    for count in 0..<Self.limits.utf8.count {
      let limits = ProcLimits.decode(bytes(String(Self.limits.prefix(count))).span)
      #expect(limits == nil || limits == ProcLimits.decode(bytes(Self.limits).span))
    }
    for count in 0..<Self.fdinfo.utf8.count {
      let info = ProcFdinfo.decode(bytes(String(Self.fdinfo.prefix(count))).span)
      #expect(info.watched.allSatisfy { [nil, 0x7ED7, 0x163F65].contains($0.inode) })
    }
  }
}
