import ProcNet
import TestSupport

@testable import Diagnosis

/// A host made by hand: two samples two seconds apart at a host on which all is well, and whatever
/// a test adds.
struct MadeObservation {
  var file: HostObservation
  private var kernel = FakeKernel()
  private var processes: [Int32: [FakeDescriptor]] = [:]

  static let span: UInt64 = 2000

  /// Counters as `TcpExt ListenDrops`, before and now; settings as `ipv4/tcp_mem`.
  init(
    counters: [String: (before: Int64, now: Int64)] = [:], settings: [String: String] = [:],
    routes: [Socket] = []
  ) {
    let range = 40_000...40_099 as ClosedRange<UInt16>
    func look(_ time: UInt64, _ values: [String: Int64]) -> Sample {
      var census = SocketCounts(listening: [], ranges: [0: range])
      for route in routes { census.count(route) }
      return Sample(time: time, census: census, counters: Self.counters(values))
    }
    file = HostObservation(
      first: look(1000, counters.mapValues(\.before)),
      last: look(1000 + Self.span, counters.mapValues(\.now)))
    file.span = Self.span
    file.interval = 1000
    var kernel = FakeKernel()
    for (name, text) in settings { kernel = kernel.file("/proc/sys/net/\(name)", text) }
    file.settings = [0: NetworkSettings(in: .here, through: kernel)]
  }

  private static func counters(_ values: [String: Int64]) -> HostCounters {
    var lines: [String: (names: [String], numbers: [String])] = [:]
    for (name, value) in values {
      let words = name.split(separator: " ").map(String.init)
      lines[words[0], default: ([], [])].names.append(words[1])
      lines[words[0]]?.numbers.append("\(value)")
    }
    func table(_ group: String) -> String {
      guard let line = lines[group] else { return "" }
      return "\(group): \(line.names.joined(separator: " "))\n"
        + "\(group): \(line.numbers.joined(separator: " "))\n"
    }
    let sockstat = (lines["TCP"].map { zip($0.names, $0.numbers).map { "\($0) \($1)" } } ?? [])
    let kernel = FakeKernel().file("/proc/net/netstat", table("TcpExt"))
      .file("/proc/net/snmp", table("Udp"))
      .file("/proc/net/sockstat", "TCP: \(sockstat.joined(separator: " "))\n")
    var gaps: [Gap] = []
    return HostCounters([.here], through: kernel, gaps: &gaps)
  }

  /// A process that holds sockets, with the threads of a test's choice.
  mutating func hold(
    _ inodes: [UInt32], by process: Int32, _ command: String, files: (Int64, UInt64)? = nil,
    calls: [ThreadCall] = []
  ) {
    var snapshot = ProcessSnapshot(
      process: process, command: Array(command.utf8), state: UInt8(ascii: "S"),
      threads: calls.enumerated().map { number, call in
        ThreadSnapshot(
          thread: process + Int32(number), command: Array(command.utf8), state: UInt8(ascii: "S"),
          voluntarySwitches: 1, forcedSwitches: 1, activity: .call(call))
      })
    snapshot.descriptors = [:]
    let held = processes[process]?.count ?? 0
    for (place, inode) in inodes.enumerated() {
      snapshot.descriptors?[Int32(held + place + 3)] = .socket(inode)
    }
    snapshot.openFiles = files?.0
    snapshot.openFilesLimit = files.map { .count($0.1) }
    take(snapshot, before: snapshot)
  }

  /// A process as it was at both samples; what it holds joins what it was given before.
  mutating func take(_ now: ProcessSnapshot, before: ProcessSnapshot?) {
    file.processes[now.process] = ObservedProcess(now, before: before)
    var open = processes[now.process] ?? []
    for (number, target) in (now.descriptors ?? [:]).sorted(by: { $0.key < $1.key }) {
      if case .socket(let inode) = target {
        open.append(FakeDescriptor(number, "socket:[\(inode)]"))
      }
    }
    processes[now.process] = open
    kernel = kernel.process(now.process, open)
    kernel.files["/proc/\(now.process)/comm"] = now.command + [10]
    kernel = kernel.folder("/proc", processes.keys.sorted().map { "\($0)/" })
    var gaps: [Gap] = []
    file.owners = OwnerIndex.build(through: kernel, gaps: &gaps)
  }

  /// A connection at both samples; nil for a look at which it was not there.
  mutating func connection(_ before: Socket?, _ now: Socket?, _ metrics: TCPInfo? = nil) {
    if let before { file.first.notable[ConnectionKey(before)] = before }
    guard let now else { return }
    file.last.notable[ConnectionKey(now)] = now
    file.table.insert(now)
    if let metrics { file.metrics[now.inode] = metrics }
  }

  /// A listener at the three samples; it stands where `connection` finds it as well.
  mutating func listener(_ listener: ObservedListener) {
    var listener = listener
    listener.span = file.span
    listener.owners = file.holders(of: listener.socket.inode)
    file.listeners.append(listener)
    file.table.insert(listener.socket)
  }

  func findings(_ rule: some Rule) -> [Finding] { rule.findings(in: file) }
  func titles(_ rule: some Rule) -> [String] { rule.findings(in: file).map(\.title) }
}
