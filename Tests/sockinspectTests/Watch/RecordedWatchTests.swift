import TestSupport
import Testing

@testable import ProcNet
@testable import sockinspect

/// `watch --from`: the samples of a recording, which are made by hand.
@Suite struct RecordedWatchTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let heading = "  sl  local_address rem_address   st tx_queue rx_queue\n"

  /// A row of /proc/net/tcp; addresses are 127.0.0.1, and what waits at a listener is `unread`.
  private static func row(
    _ local: Int, _ state: String, unread: Int = 0, peer: (String, Int) = ("00000000", 0),
    inode: Int
  ) -> String {
    let hex = { (number: Int, width: Int) in
      let digits = String(number, radix: 16, uppercase: true)
      return String(repeating: "0", count: width - digits.count) + digits
    }
    return "   0: 0100007F:\(hex(local, 4)) \(peer.0):\(hex(peer.1, 4)) \(state) 00000000:"
      + "\(hex(unread, 8)) 00:00000000 00000000     0        0 \(inode) 1 0000000000000000 "
      + "100 0 0 10 0\n"
  }

  /// A host on which nothing but these rows of TCP is there.
  private static func host(_ tcp: String...) -> FakeKernel {
    ["tcp6", "udp", "udp6"].reduce(
      FakeKernel()
        .file("/proc/net/tcp", heading + tcp.joined())
        .file("/proc/net/unix", "Num       RefCount Protocol Flags    Type St Inode Path\n")
        .folder("/proc", [])
    ) { $0.file("/proc/net/\($1)", heading) }
  }

  /// A recording with a sample a second of what there is at each moment.
  private func record(_ hosts: [FakeKernel]) throws -> WatchScope {
    let writer = try RecordingWriter(
      to: folder.file("a"),
      header: RecordingHeader(
        time: 1_000_000, host: [], kernelRelease: [], program: "1", architecture: .x86))
    for (number, host) in hosts.enumerated() {
      if number > 0 { try writer.beginSample(at: 1_000_000 + UInt64(number) * 1000) }
      let kernel = RecordingKernel(host, into: writer)
      for path in host.files.keys { _ = try kernel.contents(of: path) }
      for path in host.folders.keys { _ = try kernel.entries(of: path) }
      for path in host.links.keys { _ = try kernel.link(at: path) }
      for process in host.descriptors.keys {
        try kernel.walkDescriptors(ofProcess: process) { _, _ in }
      }
    }
    try writer.finish()
    var arguments = ListenArguments()
    arguments.common.recording = folder.file("a")
    return try WatchScope(arguments)
  }

  @Test("each sample has its own time and rows, forwards and back again")
  func samples() throws {
    let scope = try record([
      Self.host(Self.row(9000, "0A", unread: 1, inode: 7)),
      Self.host(Self.row(9000, "0A", unread: 5, inode: 7), Self.row(80, "0A", inode: 8)),
      Self.host(Self.row(9000, "0A", unread: 2, inode: 7)),
    ])
    #expect(scope.samples == 3 && scope.time == 1_000_000)
    var watch = ListenerWatch(isRecorded: true)
    let found = try (0..<3).map { number in
      let scope = scope.at(sample: number)
      return try watch.sample(scope, at: scope.moment, counts: true)
    }
    #expect(found.map(\.rows.count) == [1, 2, 1] && found.map(\.total) == [1, 2, 1])
    #expect(found.map(\.time) == [1_000_000, 1_001_000, 1_002_000])
    let lengths = found.map { sample in
      sample.rows.first { $0.socket.inode == 7 }?.queue?.length
    }
    #expect(lengths == [1, 5, 2])
    let key = found[0].rows[0].listener.key
    #expect(found.map { $0.rises[key] } == [nil, 40, 5])
    #expect(scope.at(sample: 2).at(sample: 0).time == 1_000_000, "back again")
    #expect(scope.at(sample: 3).time == scope.time, "there is no such sample")
  }

  @Test("a sample that lacks a table says so, and does not show zero")
  func missing() throws {
    let empty = FakeKernel().folder("/proc", [])
    let scope = try record([Self.host(Self.row(9000, "0A", inode: 7)), empty])
    var watch = ListenerWatch(isRecorded: true)
    let second = scope.at(sample: 1)
    let sample = try watch.sample(second, at: second.moment, counts: true)
    #expect(sample.rows.isEmpty)
    let gap = try #require(sample.gaps.first { $0.isWholeTable })
    #expect(gap.message.contains("the recording does not hold it"), "\(gap.message)")
    var frame = WatchFrame(
      style: ScreenStyle(width: 100, height: 24, isColoured: false, isUnicode: false),
      state: WatchState(WatchOrder.cycle(nil), interval: 1000, filter: ":9000"),
      context: second.facts)
    frame.sample = sample
    let lines = WatchScreen(frame).lines.map { String(decoding: $0.finished, as: UTF8.self) }
    #expect(lines[1].hasPrefix("filter: :9000  no listeners seen; "), "\(lines[1])")
  }

  @Test("UDP receivers that drop are shown, and those with something unread, which then stay")
  func receivers() throws {
    let receiver = { (port: String, unread: String, inode: Int, drops: Int) in
      "   0: 0100007F:\(port) 00000000:0000 07 00000000:\(unread) 00:00000000 00000000     0"
        + "        0 \(inode) 2 0000000000000000 \(drops)\n"
    }
    let host = { (unread: String) in
      Self.host(Self.row(9000, "0A", inode: 7)).file(
        "/proc/net/udp",
        Self.heading + receiver("0035", unread, 21, 0) + receiver("0044", "00000000", 22, 5)
          + receiver("0045", "00000000", 23, 0))
    }
    let scope = try record([host("00000000"), host("00000300"), host("00000000")])
    var watch = ListenerWatch(isRecorded: true)
    let inodes = try (0..<3).map { number in
      let scope = scope.at(sample: number)
      let sample = try watch.sample(scope, at: scope.moment, counts: true)
      #expect(sample.total == sample.rows.count)
      return sample.rows.map(\.socket.inode).sorted()
    }
    #expect(inodes == [[7, 22], [7, 21, 22], [7, 21, 22]])
  }

  @Test("the closer look names clients and peers: processes of this host, other addresses")
  func names() throws {
    let stat = " 1 1 1 0 -1 64 0 0 0 0 1 2 0 0 20 0 1 0 99 0 0\n"
    let remote = "0900000A"
    let host = Self.host(
      Self.row(9000, "0A", inode: 7),
      Self.row(9000, "01", peer: ("0100007F", 40000), inode: 8),
      Self.row(9000, "08", peer: ("0500000A", 41000), inode: 11),
      Self.row(50000, "01", peer: (remote, 5432), inode: 10),
      Self.row(40000, "01", peer: ("0100007F", 9000), inode: 9)
    )
    .folder("/proc", ["812/", "900/"]).folder("/proc/812/task", ["812/", "813/"])
    .file("/proc/812/comm", "app\n").file("/proc/900/comm", "curl\n")
    .file("/proc/812/stat", "812 (app) S" + stat).file("/proc/900/stat", "900 (curl) S" + stat)
    .file("/proc/812/task/812/stat", "812 (app) S" + stat)
    .file("/proc/812/task/813/stat", "813 (app) S" + stat)
    .file("/proc/812/task/812/syscall", "45 0x4 0x0 0x0 0x0 0x0 0x0 0x7ffd0c3a3ef8 0x7f2f\n")
    .file("/proc/812/task/813/syscall", "45 0x6 0x0 0x0 0x0 0x0 0x0 0x7ffd0c3a3ef8 0x7f2f\n")
    .process(
      812,
      [(3, "socket:[7]"), (4, "socket:[8]"), (5, "socket:[11]"), (6, "socket:[10]")].map {
        FakeDescriptor($0.0, $0.1)
      }
    )
    .process(900, [FakeDescriptor(3, "socket:[9]")])
    let scope = try record([host])
    var (watch, details) = (ListenerWatch(isRecorded: true), DetailsWatch(isRecorded: true))
    let sample = try watch.sample(scope, at: scope.moment, counts: true)
    let row = try #require(sample.rows.first)
    try details.sample(at: row, scope, at: scope.moment)
    let latest = try #require(details.latest)
    watch.name(clients: latest.opposites, of: sample, scope, at: scope.moment)
    var frame = WatchFrame(
      style: ScreenStyle(width: 100, height: 24, isColoured: false, isUnicode: true),
      state: WatchState(WatchOrder.cycle(nil), interval: 1000, filter: ""),
      context: scope.facts)
    (frame.sample, frame.detail) = (sample, latest)
    let text = DetailScreen(frame, of: row.listener.key).lines
      .map { String(decoding: $0.finished, as: UTF8.self) }.joined(separator: "\n")
    #expect(text.contains("Clients that were accepted (2)\n  10.0.0.5"), "\(text)")
    #expect(text.contains(#/\n  10\.0\.0\.5 +CLOSE-WAIT 1\n  curl \(pid 900\) +ESTAB 1\n/#))
    #expect(text.contains("Its owners are connected to (1)\n  10.0.0.9:5432  ESTAB 1"))
    #if arch(x86_64)
      #expect(text.contains("recvfrom(fd 4, client curl (pid 900))"), "\(text)")
      #expect(text.contains("recvfrom(fd 6, 10.0.0.9:5432)"), "\(text)")
    #endif
    #expect(!text.contains("socket:["))
  }
}
