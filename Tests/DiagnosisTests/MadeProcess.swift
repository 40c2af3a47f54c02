@testable import ProcNet
import TestSupport

@testable import Diagnosis

/// A process made by hand, the same at both samples unless a test says what it did before.
struct MadeProcess {
  var now: ProcessSnapshot
  var before: ProcessSnapshot

  init(
    _ process: Int32, _ command: String, _ open: [Int32: DescriptorTarget]?,
    _ threads: [ThreadSnapshot], before: [ThreadSnapshot]? = nil
  ) {
    now = ProcessSnapshot(
      process: process, command: Array(command.utf8), state: threads.first?.state ?? 83,
      threads: threads)
    now.descriptors = open
    self.before = now
    // What its threads have computed so far they computed between the samples.
    for place in self.before.threads.indices { self.before.threads[place].userTicks = 0 }
    if let before { self.before.threads = before }
  }

  /// The same with an epoll instance that watches descriptors, as `fdinfo` has it.
  func watching(_ epoll: Int32, _ lines: String...) -> MadeProcess {
    var made = self
    let text = lines.map { "tfd: \($0)\n" }.joined()
    made.now.watchLists[epoll] = ProcFdinfo.decode(Array(text.utf8).span).watched
    made.now.descriptors?[epoll] = .eventPoll
    made.before.watchLists = made.now.watchLists
    made.before.descriptors = made.now.descriptors
    return made
  }

  /// The same, whose threads have woken up and gone to sleep again between the samples, as one does
  /// that accepts what comes.
  func awake() -> MadeProcess {
    var made = self
    for place in made.before.threads.indices { made.before.threads[place].voluntarySwitches = 0 }
    return made
  }

  func frozen() -> MadeProcess {
    var made = self
    made.now.isFrozen = true
    return made
  }

  /// A child of another process, with the command line that it shows.
  func child(of parent: Int32, titled title: String? = nil) -> MadeProcess {
    var made = self
    (made.now.parent, made.before.parent) = (parent, parent)
    made.now.commandLine = title.map { Array($0.utf8) }
    made.before.commandLine = made.now.commandLine
    return made
  }

  /// What its first thread waits for.
  var wait: Wait { WaitReading.wait(of: now.threads[0], in: now) }
}

/// `3 events: 1 data: 0 pos:0 ino:64 sdev:9`: what epoll says of descriptor 3 with inode 100.
func watched(_ descriptor: Int32, _ inode: UInt32, events: UInt32 = 1) -> String {
  "\(descriptor) events: \(String(events, radix: 16)) data: 0 pos:0 "
    + "ino:\(String(inode, radix: 16)) sdev:9"
}

extension ThreadSnapshot {
  /// A thread asleep in a call, since so many milliseconds where that is known.
  static func asleep(
    _ thread: Int32, _ call: ThreadCall, state: Unicode.Scalar = "S", tracer: Int32? = nil,
    switches: UInt64 = 1, since: UInt64? = nil
  ) -> ThreadSnapshot {
    var made = ThreadSnapshot(
      thread: thread, command: [], state: UInt8(ascii: state), voluntarySwitches: switches,
      forcedSwitches: 1, tracer: tracer, activity: .call(call))
    made.asleep = since
    return made
  }

  /// A thread that runs; with so many ticks of processor time so far.
  static func running(_ thread: Int32, ticks: UInt64 = 0) -> ThreadSnapshot {
    ThreadSnapshot(
      thread: thread, command: [], state: UInt8(ascii: "R"), userTicks: ticks,
      voluntarySwitches: 1, forcedSwitches: 1, activity: .running)
  }

  static func denied(_ thread: Int32, state: Unicode.Scalar = "S") -> ThreadSnapshot {
    ThreadSnapshot(thread: thread, command: [], state: UInt8(ascii: state), activity: .denied)
  }
}

extension ThreadCall {
  /// A call on one descriptor, for reading or writing as its kind has it.
  static func on(_ name: CallName, _ descriptor: Int32) -> ThreadCall {
    let writes = name.kind == .send || name.kind == .connect
    return ThreadCall(
      number: 0, name: name, arguments: [UInt64(descriptor)],
      descriptors: [
        AwaitedDescriptor(number: descriptor, forReading: !writes, forWriting: writes)
      ], timeout: .unknown)
  }

  /// poll for something to read; nil for a set that could not be read.
  static func poll(_ descriptors: [Int32]?, _ timeout: CallTimeout = .never) -> ThreadCall {
    ThreadCall(
      number: 7, name: .poll, arguments: [0x7000, 1],
      descriptors: descriptors?.map {
        AwaitedDescriptor(number: $0, forReading: true, forWriting: false)
      }, timeout: timeout)
  }

  static func epoll(_ instance: Int32) -> ThreadCall { on(.epollWait, instance) }

  /// `FUTEX_WAIT_BITSET` private for a value: 2 is a contended mutex.
  static func futex(_ address: UInt64, _ value: UInt64 = 2, holder: Int32? = nil) -> ThreadCall {
    var call = ThreadCall(
      number: 202, name: .futex, arguments: [address, 0x89, value], descriptors: [],
      timeout: .never)
    call.likelyHolder = holder
    return call
  }

  static func other(
    _ name: CallName?, _ arguments: [UInt64] = [], _ timeout: CallTimeout = .never
  ) -> ThreadCall {
    ThreadCall(number: 999, name: name, arguments: arguments, descriptors: [], timeout: timeout)
  }
}

extension MadeObservation {
  mutating func take(_ process: MadeProcess) { take(process.now, before: process.before) }

  /// Both ends of a connection to 127.0.0.1:9000; inode 0 is held by nobody.
  mutating func pair(
    _ server: UInt32, _ client: UInt32, port: UInt16 = 50_000, to place: UInt16 = 9000
  ) {
    file.table.insert(.tcp(.established, place, port, inode: server))
    file.table.insert(.tcp(.established, port, place, inode: client))
  }

  /// Its TCP figures: when it last sent and last heard something, in milliseconds. Its row has to
  /// be there.
  mutating func measured(
    _ inode: UInt32, sent: UInt64, received: UInt64, _ more: [TCPInfoField: UInt64] = [:]
  ) {
    let figures: [TCPInfoField: UInt64] = [
      .lastDataSent: sent, .lastDataRecv: received, .dataSegsOut: 1, .dataSegsIn: 1,
    ]
    let metrics = TCPInfo.with(figures.merging(more) { _, new in new })
    file.metrics[inode] = metrics
    guard var row = file.table.socket(inode: inode) else { return }
    row.details = SocketDetails(tcp: metrics)
    file.conversations[inode] = Conversation(row)
  }

  /// Listener 100 on 127.0.0.1:9000 in whose queue three have been waiting all the time.
  mutating func clogged(_ listener: ObservedListener = .tcp([3, 3, 3], limit: 5, still: 3)) {
    self.listener(listener)
  }

  /// Parents and states, as `/proc/<pid>/stat` has them.
  mutating func host(_ processes: [(process: Int32, parent: Int32)]) {
    var kernel = FakeKernel().folder("/proc", processes.map { "\($0.process)/" })
    for (process, parent) in processes {
      kernel = kernel.file(
        "/proc/\(process)/stat",
        "\(process) (x) S \(parent) 1 1 0 -1 0 0 0 0 0 1 1 0 0 20 0 1 0 9 0 0\n")
    }
    file.processList = (try? HostProcesses.scan(through: kernel)) ?? HostProcesses()
  }

  /// Reads the servers behind listener 100 and all that need it, once everything is in place.
  mutating func readServers() {
    file.readBlockers()
    let listeners = file.listeners.filter { $0.needsExplaining || $0.socket.inode == 100 }
    file.servers = listeners.map { ServerObserver(file, $0).read() }
    file.stalls = StallFinder.stalls(of: file)
  }

  /// The server behind listener 100.
  func server() -> Server? {
    file.listeners.first { $0.socket.inode == 100 }.map { ServerObserver(file, $0).read() }
  }

  /// Where the chain from a thread ends; from the first thread of a process unless it is named.
  func path(_ process: Int32, _ thread: Int32? = nil) -> WaitPath? {
    var host = file
    host.readBlockers()
    return host.processes[process]?.threads.first { $0.thread == thread ?? process }
      .map { WaitChain.follow($0, in: host) }
  }
}

extension HostObservation {
  /// The thread that should serve each listener in whose queue connections wait.
  fileprivate mutating func readBlockers() {
    for listener in listeners where listener.length > 0 || listener.needsExplaining {
      let blocker = ServerObserver(self, listener).read().blockers.first
      blockers[listener.socket.inode] = blocker?.thread
    }
  }
}

extension PipeHolders {
  /// Who has pipe 7 open, by which descriptor, and whether to write or to read.
  static func made(_ ends: [(process: Int32, descriptor: Int32, writes: Bool)]) -> PipeHolders {
    var kernel = FakeKernel().folder("/proc", Set(ends.map(\.process)).sorted().map { "\($0)/" })
    for process in Set(ends.map(\.process)) {
      kernel = kernel.process(
        process,
        ends.filter { $0.process == process }.map { FakeDescriptor($0.descriptor, "pipe:[7]") })
    }
    for end in ends {
      kernel = kernel.file(
        "/proc/\(end.process)/fdinfo/\(end.descriptor)", "flags:\t010000\(end.writes ? 1 : 0)\n")
    }
    return PipeHolders.find([7], through: kernel)
  }
}
