import ProcNet
import TestSupport
import Testing

@testable import Diagnosis

/// What a thread waits for, from its state, its call and its process's descriptors.
@Suite("What a thread waits for")
struct WaitTests {
  private static let open: [Int32: DescriptorTarget] = [
    3: .socket(100), 4: .socket(1), 5: .pipe(7), 6: .process,
    7: .event,
  ]

  private func process(
    _ call: ThreadCall, state: Unicode.Scalar = "S", tracer: Int32? = nil,
    open: [Int32: DescriptorTarget]? = open
  ) -> MadeProcess {
    MadeProcess(1, "x", open, [.asleep(1, call, state: state, tracer: tracer)])
  }

  @Test("a halted thread shows an old call, which counts for nothing")
  func halted() {
    let accept = ThreadCall.on(.accept4, 3)
    let stopped = process(accept, state: "T").wait
    #expect(stopped == Wait(.stopped) && stopped.isHalted)
    #expect(!stopped.accepts([100]))
    #expect(process(accept, state: "t").wait.kind == .traced)
    #expect(process(accept, state: "T", tracer: 9).wait.kind == .traced)
    #expect(process(accept).frozen().wait.kind == .frozen)
    // strace samples on and does not hold.
    #expect(process(accept, tracer: 9).wait.kind == .accept)
    #expect(process(accept, state: "T", tracer: 0).wait.kind == .stopped)
  }

  @Test("each kind of call", arguments: CallName.allCases)
  func kinds(_ name: CallName) {
    let wait = process(.on(name, 4)).wait
    #expect(wait.call == name.rawValue)
    switch name.kind {
    case .receive: #expect(wait.kind == .receive && wait.sockets.map(\.inode) == [1])
    case .send: #expect(wait.kind == .send && wait.sockets.map(\.forWriting) == [true])
    case .accept: #expect(wait.kind == .accept && wait.sockets.map(\.inode) == [1])
    case .connect: #expect(wait.kind == .connect && wait.sockets.map(\.inode) == [1])
    case .wait: #expect(wait.kind == .any)
    case .lock: #expect(wait.kind == (name == .flock ? .fileLock : .lock))
    case .child: #expect(wait.kind == .child)
    case .sleep: #expect(wait.kind == .timer)
    case .file: #expect(wait.kind == .file)
    case .other: #expect(wait.kind == .other)
    }
  }

  @Test("whose control group has no memory left waits for memory, not for a disk")
  func memory() {
    func kind(_ place: String, _ state: Unicode.Scalar) -> Wait.Kind {
      var thread = ThreadSnapshot.asleep(1, .other(nil), state: state)
      thread.activity = .outsideCall
      thread.wchan = Array(place.utf8)
      return MadeProcess(1, "x", nil, [thread]).wait.kind
    }
    #expect(kind("mem_cgroup_oom_synchronize", "D") == .memory)
    #expect(kind("mem_cgroup_handle_over_high", "D") == .memory)
    #expect(kind("mem_cgroup_oom_synchronize", "S") == .other && kind("io_schedule", "D") == .disk)
  }

  @Test("a write to a file that no signal interrupts is the file system's; one to a FIFO is output")
  func fileWrites() {
    let open: [Int32: DescriptorTarget] = [4: .file(Array("/var/log/x".utf8))]
    let stuck = process(.on(.write, 4), state: "D", open: open).wait
    #expect(stuck.kind == .file && stuck.path == Array("/var/log/x".utf8) && stuck.output == nil)
    let fifo = process(.on(.write, 4), open: open).wait
    #expect(fifo.kind == .send && fifo.output?.descriptor == 4)
  }

  @Test("a FIFO is no file: nobody has its other end open, or nobody writes to it")
  func fifos() {
    let path = Array("/srv/jobs".utf8)
    func wait(_ call: ThreadCall, at place: String) -> Wait {
      var thread = ThreadSnapshot.asleep(1, call)
      thread.wchan = Array(place.utf8)
      return MadeProcess(1, "x", [4: .file(path)], [thread]).wait
    }
    var open = ThreadCall.other(.openat)
    open.path = path
    for place in ["wait_for_partner", "fifo_open"] {
      let opening = wait(open, at: place)
      #expect(opening.kind == .fifo && opening.opensFIFO && opening.path == path, "\(place)")
      #expect(WaitEnd.fifo(made(opening)).isTrouble)
    }
    for place in ["pipe_read", "pipe_wait", "fifo_pipe_read"] {
      let reading = wait(.on(.read, 4), at: place)
      #expect(reading.kind == .fifo && !reading.opensFIFO && reading.path == path, "\(place)")
      // Who writes may be slow; nobody says that it will not.
      #expect(!WaitEnd.fifo(made(reading)).isTrouble && WaitEnd.fifo(made(reading)).isOccupied)
    }
    #expect(wait(open, at: "request_wait_answer").kind == .file)
    #expect(wait(.on(.read, 4), at: "folio_wait_bit_common").kind == .file)
    #expect(wait(.on(.write, 4), at: "pipe_write").kind == .send)
  }

  private func made(_ wait: Wait) -> ObservedThread {
    let snapshot = ThreadSnapshot.asleep(1, .other(.openat))
    let now = MadeProcess(1, "x", [:], [snapshot]).now
    var thread = ObservedThread(snapshot, nil, ObservedProcess.Samples(now: now, before: nil))
    thread.wait = wait
    return thread
  }

  @Test("input at a terminal is a read of it, and no write to it")
  func input() {
    let terminal = DescriptorTarget.terminal(Array("/dev/pts/3".utf8))
    let open = [0 as Int32: terminal, 4: .file(Array("/dev/null".utf8))]
    #expect(process(.on(.read, 0), open: open).wait.input?.target == terminal)
    #expect(process(.on(.write, 0), open: open).wait.input == nil)
    #expect(process(.on(.read, 4), open: open).wait.input == nil)
  }

  @Test("a lock in memory that processes share says so")
  func sharedLocks() {
    var call = ThreadCall.futex(0x7000)
    call.arguments[1] = 0x09
    let shared = process(call).wait
    #expect(shared.isShared && shared.lockName == "a lock at 0x7000 in shared memory")
    #expect(!process(.futex(0x7000)).wait.isShared)
  }

  @Test("a semaphore set is a lock that all processes share, if the wait for it has no end")
  func semaphores() {
    let wait = process(.other(.semtimedop, [3, 0x7000, 1])).wait
    #expect(wait.semaphoreSet == 3 && wait.isMutex && wait.lockName == "semaphore set 3")
    let timed = process(.other(.semtimedop, [3, 0x7000, 1], .after(500))).wait
    #expect(timed.kind == .lock && !timed.isMutex)
    #expect(process(.futex(0x7000)).wait.lockName == "a lock at 0x7000")
  }

  @Test("calls without a name, disks, page faults, and what we may not know")
  func states() {
    #expect(process(.other(nil)).wait.kind == .other)
    #expect(process(.other(nil)).wait.call == "system call 999")
    #expect(process(.other(nil), state: "D").wait.kind == .disk)
    #expect(process(.on(.fsync, 4), state: "D").wait.kind == .file)
    func only(_ thread: ThreadSnapshot) -> Wait { MadeProcess(1, "x", nil, [thread]).wait }
    #expect(only(.running(1)).kind == .running)
    #expect(only(.denied(1)).kind == .unknown)
    #expect(only(.denied(1, state: "R")).kind == .running)
    #expect(only(.denied(1, state: "D")).kind == .disk)
    #expect(only(.denied(1, state: "T")).kind == .stopped)
    let fault = ThreadSnapshot(
      thread: 1, command: [], state: UInt8(ascii: "D"), activity: .outsideCall)
    #expect(only(fault).kind == .disk)
  }

  @Test("poll: its set read, unread, and empty")
  func polls() {
    let one = process(.poll([4, 5])).wait
    #expect(one.kind == .any && one.sockets.map(\.inode) == [1] && !one.isBlind)
    #expect(one.others.map(\.target) == [.pipe(7)])
    #expect(process(.poll([3, 4])).wait.sockets.map(\.inode) == [100, 1])
    #expect(process(.poll([3, 4])).wait.accepts([100]))
    #expect(!process(.poll([4])).wait.accepts([100]))
    let unread = process(.poll(nil)).wait
    #expect(unread.isBlind && unread.kind == .any)
    #expect(process(.poll([4]), open: nil).wait.isBlind)
    #expect(process(.poll([], .after(1000))).wait.kind == .timer)
    #expect(process(.poll([], .after(1000))).wait.timeout == .after(1000))
  }

  @Test("a descriptor polled for room only accepts nobody")
  func writing() {
    var call = ThreadCall.poll([3])
    call.descriptors = [AwaitedDescriptor(number: 3, forReading: false, forWriting: true)]
    #expect(!process(call).wait.accepts([100]))
  }

  @Test("epoll: what it watches, with and without EPOLLIN")
  func epolls() {
    let base = process(.epoll(9))
    let loop = base.watching(9, watched(3, 100), watched(4, 1)).wait
    #expect(loop.kind == .any && loop.epoll == 9 && loop.accepts([100]))
    #expect(loop.sockets.map(\.inode) == [100, 1])
    #expect(!base.watching(9, watched(3, 100, events: 0x18)).wait.accepts([100]))
    #expect(!base.watching(9, watched(3, 100, events: 0x4000_0000)).wait.accepts([100]))
    // An empty set is still a loop's wait.
    #expect(base.watching(9).wait.kind == .any)
    // Its list could not be read.
    #expect(base.wait.isBlind)
  }

  @Test("epoll inside of poll")
  func nested() {
    let wait = process(.poll([9])).watching(9, watched(3, 100)).wait
    #expect(wait.epoll == 9 && wait.accepts([100]))
  }

  @Test("a number that was reused since is not what epoll watches")
  func reused() {
    let wait = process(.epoll(9)).watching(9, watched(3, 55)).wait
    #expect(!wait.accepts([100]) && wait.sockets.isEmpty)
    // Before Linux 4.13 there is no inode to compare.
    let old = process(.epoll(9)).watching(9, "3 events: 19 data: 0").wait
    #expect(old.accepts([100]))
  }

  @Test("which epoll watches what is known of a process apart from its threads")
  func watchedByProcess() {
    func watches(_ line: String) -> Bool {
      let made = process(.other(.pause)).watching(9, line)
      return ObservedProcess(made.now, before: made.before).watched[100] == 9
    }
    #expect(watches(watched(3, 100)))
    #expect(watches("3 events: 19 data: 0"))
    #expect(!watches(watched(3, 100, events: 0x18)))
    #expect(!watches(watched(3, 55)))
  }

  @Test("children: by number, any, and by pidfd")
  func children() {
    #expect(process(.other(.wait4, [42])).wait.child == 42)
    #expect(process(.other(.waitid, [1, 42])).wait.child == 42)
    #expect(process(.other(.wait4, [UInt64(bitPattern: -1)])).wait.child == nil)
    #expect(process(.other(.waitid, [0, 0])).wait.child == nil)
    #expect(process(.poll([6], .after(500))).wait.kind == .child)
    #expect(process(.poll([7])).wait.kind == .any)
    #expect(process(.poll([4, 6])).wait.kind == .any)
  }

  @Test("futex: helpers without work, and a contended mutex")
  func futexes() {
    func thread(_ call: ThreadCall) -> ObservedThread {
      let made = process(call)
      return ObservedProcess(made.now, before: made.before).threads[0]
    }
    func isIdle(_ call: ThreadCall) -> Bool { MadeObservation().file.isIdle(thread(call)) }
    #expect(thread(.futex(0x7000)).wait.isMutex && !isIdle(.futex(0x7000)))
    #expect(!thread(.futex(0x7000, 0)).wait.isMutex && isIdle(.futex(0x7000, 0)))
    var timed = ThreadCall.futex(0x7000)
    timed.timeout = .after(100)
    #expect(!thread(timed).wait.isMutex)
    var wake = ThreadCall.futex(0x7000)
    wake.arguments[1] = 0x81
    #expect(!thread(wake).wait.isMutex)
    #expect(isIdle(.other(.rtSigsuspend)) && !isIdle(.other(.nanosleep)))
    // An event counter, a pipe, and a connection that is not in the table.
    #expect(isIdle(.on(.read, 7)))
    #expect(!isIdle(.on(.read, 5)) && !isIdle(.on(.read, 4)))
  }

  @Test("pipes that are read, written or polled")
  func pipes() {
    #expect(process(.on(.read, 5)).wait.pipes == [7])
    #expect(process(.on(.write, 5)).wait.pipes == [7])
    #expect(process(.poll([5])).wait.pipes == [7])
    #expect(process(.on(.read, 4)).wait.pipes.isEmpty)
  }

  @Test("a thread is steady in one call without a switch")
  func steady() {
    func steady(_ before: ThreadSnapshot, _ now: ThreadSnapshot) -> Bool? {
      let made = MadeProcess(1, "x", [:], [now], before: [before])
      return ObservedProcess(made.now, before: made.before).threads[0].isSteady
    }
    let read = ThreadSnapshot.asleep(1, .on(.read, 4))
    #expect(steady(read, read) == true)
    #expect(steady(read, .asleep(1, .on(.read, 4), switches: 2)) == false)
    #expect(steady(read, .asleep(1, .on(.read, 5))) == false)
    var unknown = read
    unknown.voluntarySwitches = nil
    #expect(steady(unknown, read) == nil)
    // A new thread, and a number that now is another process's.
    #expect(steady(.asleep(2, .on(.read, 4)), read) == nil)
    var other = MadeProcess(1, "x", [:], [read])
    other.now.startTicks = 5
    #expect(ObservedProcess(other.now, before: other.before).threads[0].isSteady == nil)
  }

  @Test("burning the processor: a good share of one, and not a burst")
  func burning() {
    func burns(_ ticks: UInt64, _ interval: UInt64?) -> Bool {
      let made = MadeProcess(
        1, "x", [:], [.running(1, ticks: ticks)], before: [.asleep(1, .on(.read, 0))])
      return ObservedProcess(made.now, before: made.before).threads[0].burns(over: interval)
    }
    #expect(burns(30, 1000))
    #expect(!burns(29, 1000))
    #expect(burns(0, nil))
    // Runnable all the time, and given little: it wants all of a crowded machine.
    let made = MadeProcess(1, "x", [:], [.running(1, ticks: 3)], before: [.running(1, ticks: 2)])
    #expect(ObservedProcess(made.now, before: made.before).threads[0].burns(over: 1000))
    #expect(!ObservedProcess(made.before, before: made.before).threads[0].burns(over: 1000))
  }
}
