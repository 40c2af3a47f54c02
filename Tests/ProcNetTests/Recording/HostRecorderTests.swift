import Foundation
import ProcNet
import TestSupport
import Testing

@Suite struct HostRecorderTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @discardableResult
  func record(_ kernel: any Kernel) throws -> (replay: RecordedKernel, gaps: [Gap]) {
    let writer = try RecordingWriter(
      to: folder.file("a"), header: .now(through: kernel, program: "1"))
    let gaps = try HostRecorder.record(through: kernel, into: writer)
    try writer.finish()
    return (try RecordedKernel(path: folder.file("a")), gaps)
  }

  @Test("what does not change on this host, its recording answers the same")
  func liveHost() throws {
    let live = LiveKernel()
    let (replay, _) = try record(live)
    let own = getpid()
    let questions: [Question] = [
      .file("/etc/passwd"), .file("/proc/sys/net/core/somaxconn"),
      .file("/proc/sys/net/ipv4/tcp_syncookies"), .file("/proc/sys/kernel/osrelease"),
      .file("/proc/\(own)/comm"), .file("/proc/\(own)/cmdline"), .file("/proc/\(own)/limits"),
      .link("/proc/\(own)/ns/net"), .identity("/proc/\(own)/ns/net"),
      .link("/proc/self/ns/net"), .file("/no/such/file"),
    ]
    for question in questions.dropLast() {
      #expect(question.put(to: replay) == question.put(to: live), "\(question)")
    }
    #expect(questions.last?.put(to: replay) != questions.last?.put(to: live))
    #expect(replay.header.host == (try live.contents(of: "/proc/sys/kernel/hostname")).dropLast())
  }

  @Test("the tables and the owners of a listing come out of the recording")
  func listing() throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    defer { close(listener) }
    #expect(listen(listener, 7) == 0)
    let (replay, _) = try record(LiveKernel())

    var found: [Socket] = []
    var gaps: [Gap] = []
    let query = SocketQuery(
      netids: .tcp, families: .inet, states: StateSet(.listen), details: .all)
    try DiagSource().list(query, through: replay, gaps: &gaps) { (row) throws(KernelError) in
      found.append(copy row)
    }
    #expect(gaps == [])
    let row = try #require(found.first { $0.inode == Self.inode(of: listener) })
    #expect(row.queues.sendQ == 7)
    #expect(row.details?.memory != nil)
    var holds = false
    try replay.walkDescriptors(ofProcess: getpid()) { number, _ in
      if number == listener { holds = true }
    }
    #expect(holds)
  }

  static func inode(of descriptor: Int32) -> UInt32 {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? UInt32(truncatingIfNeeded: status.st_ino) : 0
  }

  @Test("every dump, in every state, is asked for and answers a reader with other wishes")
  func dumps() throws {
    let (replay, gaps) = try record(Self.smallHost())
    #expect(gaps == [])
    let pairs: [(UInt8, UInt8)] = [
      (2, 6), (10, 6), (2, 17), (10, 17), (2, 255), (10, 255), (1, 0), (17, 0),
    ]
    for (family, protocolNumber) in pairs {
      let question = Question.dump(
        family: family, protocolNumber: protocolNumber, namespace: nil)
      #expect(question.put(to: replay) == .datagrams([FakeDatagram.done()]))
    }
    let interfaces = NetlinkRequest(
      subsystem: .route,
      message: FakeDatagram.message(type: 18, flags: 0x301, [UInt8](repeating: 0, count: 16)))
    var datagrams = 0
    try replay.ask(interfaces) { (_) throws(KernelError) in
      datagrams += 1
      return .complete
    }
    #expect(datagrams == 1)
  }

  static func smallHost() -> FakeKernel {
    FakeKernel().folder("/proc", ["7/", "uptime", "sys/"])
      .file("/proc/7/comm", "nginx\n").folder("/proc/7/task", ["7/", "8/"])
      .file("/proc/7/task/8/wchan", "inet_csk_accept")
      .process(7, [FakeDescriptor(3, "socket:[9]"), FakeDescriptor(5, "anon_inode:[eventpoll]")])
      .file("/proc/7/fdinfo/5", "tfd: 3\n").file("/proc/7/fdinfo/3", "pos: 0\n")
      .file("/proc/self/mounts", "none /cg cgroup2 rw 0 0\n")
      .folder("/cg", ["cgroup.events", "system.slice/"])
      .folder("/cg/system.slice", ["a.service/"]).folder("/cg/system.slice/a.service", [])
      .file("/cg/cgroup.events", "frozen 0\n")
      .answering { _ in [FakeDatagram.done()] }
  }

  @Test("processes, threads, watch lists and control groups are in the recording")
  func places() throws {
    let host = Self.smallHost()
    let (replay, _) = try record(host)
    let questions: [Question] = [
      .folder("/proc"), .file("/proc/7/comm"), .folder("/proc/7/task"), .descriptors(7),
      .file("/proc/7/task/8/wchan"), .file("/proc/7/task/7/syscall"), .file("/proc/7/fdinfo/5"),
      .file("/cg/cgroup.events"), .folder("/cg/system.slice/a.service"), .file("/proc/net/tcp"),
    ]
    for question in questions { #expect(question.put(to: replay) == question.put(to: host)) }
    guard case .failure(let error) = Question.file("/proc/7/fdinfo/3").put(to: replay) else {
      Issue.record("a descriptor that watches nothing was recorded")
      return
    }
    #expect(error.cause == .notRecorded)
  }

  @Test("what was denied is recorded as denied, and told")
  func denied() throws {
    let host = FaultyKernel(
      Self.smallHost(),
      [
        Fault(.walk, "/proc/7/fd", .fails(EACCES)),
        Fault(.read, "/proc/7/task/8/syscall", .fails(EPERM)),
        Fault(.ask, "", .fails(EACCES), times: 1),
      ])
    let (replay, gaps) = try record(host)
    #expect(
      gaps.map(\.message) == [
        "packet sockets not shown: permission denied; record as root",
        "descriptors of 1 process not shown: permission denied; record as root",
      ])
    for question: Question in [.descriptors(7), .file("/proc/7/task/8/syscall")] {
      guard case .failure(let error) = question.put(to: replay) else {
        Issue.record("\(question) was answered")
        continue
      }
      #expect(error.isDenied)
    }
  }

  @Test("a dump that changed while it was given is asked for again, in the end kept as it is")
  func interrupted() throws {
    let packet = Question.dump(family: 17, protocolNumber: 0, namespace: nil)
    let twice = FaultyKernel(Self.smallHost(), [Fault(.ask, "", .interruptedDump, times: 2)])
    #expect(packet.put(to: try record(twice).replay) == .datagrams([FakeDatagram.done()]))
    let always = FaultyKernel(Self.smallHost(), [Fault(.ask, "", .interruptedDump)])
    let (replay, gaps) = try record(always)
    guard case .datagrams(let datagrams) = packet.put(to: replay) else {
      Issue.record("the last attempt was not kept")
      return
    }
    #expect(datagrams.first?[6] == 0x12)
    #expect(gaps == [])
  }

  @Test("a full disk ends the recording at once")
  func fullDisk() throws {
    let writer = try RecordingWriter(
      to: "/dev/full", header: .now(through: LiveKernel(), program: "1"))
    #expect(throws: KernelError("write", "/dev/full", .system(ENOSPC))) {
      try HostRecorder.record(
        through: FakeKernel().file("/etc/passwd", String(repeating: "x", count: 99_999)),
        into: writer)
    }
  }

  @Test("the namespaces are found through the recording, and each is asked")
  func namespaces() throws {
    let host = Self.smallHost().file("/proc/7/net/tcp", "sl\n")
    let writer = try RecordingWriter(
      to: folder.file("b"), header: .now(through: host, program: "1"))
    _ = try HostRecorder.record(through: host, into: writer) { (kernel) throws(KernelError) in
      _ = try? kernel.link(at: "/proc/7/ns/other")
      return [
        .here,
        NetworkNamespace(inode: 5, path: "/proc/7/ns/net", tables: "/proc/7/net", name: "blue"),
      ]
    }
    try writer.finish()
    let replay = try RecordedKernel(path: folder.file("b"))
    let dump = Question.dump(family: 2, protocolNumber: 6, namespace: "/proc/7/ns/net")
    #expect(dump.put(to: replay) == .datagrams([FakeDatagram.done()]))
    for question: Question in [.file("/proc/7/net/tcp"), .link("/proc/7/ns/other")] {
      #expect(question.put(to: replay) == question.put(to: host))
    }
  }

  @Test("a process that ends while a host is recorded is recorded as gone")
  func vanished() throws {
    let host = FaultyKernel(
      Self.smallHost(),
      ["comm", "stat", "status"].map { Fault(.read, "/proc/7/\($0)", .fails(ESRCH)) })
    let (replay, _) = try record(host)
    #expect(try replay.entries(of: "/proc") == host.entries(of: "/proc"))
    guard case .failure(let error) = Question.file("/proc/7/stat").put(to: replay) else {
      Issue.record("a process that was gone has an answer")
      return
    }
    #expect(error.isGone)
  }

  @Test("namespaces that are not found end the recording")
  func noNamespace() throws {
    let missing = KernelError("find network namespace", "blue", .malformed("there is none"))
    let writer = try RecordingWriter(
      to: folder.file("c"), header: .now(through: FakeKernel(), program: "1"))
    #expect(throws: missing) {
      try HostRecorder.record(through: FakeKernel(), into: writer) { (_) throws(KernelError) in
        throw missing
      }
    }
  }

  @Test("what the finder, the owner index and the control groups ask, a recording has")
  func collectors() throws {
    let writer = try RecordingWriter(
      to: folder.file("d"), header: .now(through: LiveKernel(), program: "1"))
    var liveGaps: [Gap] = []
    var livePlaces: [NetworkNamespace] = []
    _ = try HostRecorder.record(through: LiveKernel(), into: writer) {
      (kernel) throws(KernelError) in
      livePlaces = try NamespaceFinder(through: kernel).places(for: .all, gaps: &liveGaps)
      return livePlaces
    }
    try writer.finish()
    let replay = try RecordedKernel(path: folder.file("d"))
    var gaps: [Gap] = []
    #expect(try NamespaceFinder(through: replay).places(for: .all, gaps: &gaps) == livePlaces)
    #expect(gaps == liveGaps)
    var index: [Gap] = []
    _ = OwnerIndex.build(through: replay, gaps: &index)
    _ = Interfaces(through: replay, gaps: &index)
    let groups = Cgroups(through: replay)
    _ = groups.path(of: 1)
    let reasons = (index + [groups.gap].compactMap { $0 }).map(\.message)
    #expect(reasons.filter { $0.contains("recording") } == [])
  }

  @Test("a namespace that we may not enter is told once, not table by table")
  func closedNamespace() throws {
    let path = "/proc/7/ns/net"
    let host = FaultyKernel(Self.smallHost(), [Fault(.ask, path, .fails(EPERM))])
    let writer = try RecordingWriter(
      to: folder.file("e"), header: .now(through: host, program: "1"))
    let gaps = try HostRecorder.record(through: host, into: writer) { _ in
      [.here, NetworkNamespace(inode: 5, path: path, tables: "/proc/7/net")]
    }
    #expect(
      gaps.map(\.message) == [
        "what sock_diag says in \(path) not shown: operation not permitted; record as root"
      ])
  }
}
