import Foundation
import TestSupport
import Testing

@testable import ProcNet

/// What the probe says of real threads on the running kernel.
@Suite struct SleepersTests {
  /// Every thread once it sleeps in its call, by name; and the process they are in.
  private static func settled(
    _ sleepers: Sleepers
  ) throws -> (threads: [String: ThreadSnapshot], process: ProcessSnapshot) {
    let deadline = ContinuousClock.now + .seconds(30)
    while true {
      let probe = ProcessProbe(through: LiveKernel())
      let snapshot = try #require(probe.probe(sleepers.process))
      let asleep = snapshot.threads.dropFirst().filter {
        $0.call?.name != nil && $0.command != snapshot.command && $0.state == UInt8(ascii: "S")
          && $0.wchan != nil && $0.wchan != Array("do_signal_stop".utf8)
      }
      // The condition takes its mutex first, and write fills its socket.
      if asleep.count == 12 || ContinuousClock.now > deadline {
        let named = asleep.map { (String(decoding: $0.command, as: UTF8.self), $0) }
        return (Dictionary(named) { first, _ in first }, snapshot)
      }
      usleep(5000)
    }
  }

  private static func check(_ threads: [String: ThreadSnapshot], _ numbers: [String: Int32]) {
    let awaited = { (name: String) in threads[name]?.call?.descriptors?.map(\.number) }
    let call = { (name: String) in threads[name]?.call?.name }
    let timeout = { (name: String) in threads[name]?.call?.timeout }
    let number = { (role: String) in numbers[role] ?? -1 }
    let (quiet, listener, full) = (number("quiet"), number("listener"), number("full"))
    #expect(call("recvfrom") == .recvfrom && awaited("recvfrom") == [quiet])
    #expect(call("write") == .write && awaited("write") == [full])
    #expect(call("accept")?.kind == .accept && awaited("accept") == [listener])
    #expect([.poll, .ppoll].contains(call("poll")) && awaited("poll") == [quiet, full])
    #expect(timeout("poll") == .after(1_000_000))
    #expect(threads["poll"]?.call?.descriptors?.map(\.forWriting) == [false, true])
    #expect([.select, .pselect6].contains(call("select")))
    #expect(awaited("select") == [quiet, listener].sorted())
    // The kernel writes back what is left when select is interrupted.
    if case .after(let left) = timeout("select") {
      #expect(left > 900_000 && left <= 1_000_000)
    } else {
      Issue.record("select has no time-out")
    }
    #expect(call("epoll")?.isEventPoll == true && awaited("epoll") == [number("instance")])
    #expect(timeout("epoll") == .never)
    #expect(call("nanosleep") == .nanosleep && timeout("nanosleep") == .after(1_000_500))
    #expect(call("flock") == .flock && awaited("flock") == [number("locked")])
    #expect(threads["flock"]?.call?.locksFile == true)
    #expect(call("open") == .openat && awaited("open") == [])
    #expect(threads["open"]?.call?.path == Array("fifo".utf8))
    #expect(threads["open"]?.call?.pathFolder == number("folder"))
    #expect(threads["wait"]?.call?.awaitedChild == .process(number("child")))
    #expect(call("mutex") == .futex && timeout("mutex") == .never)
    #expect(call("condition") == .futex && timeout("condition") == .atDeadline)
  }

  @Test("every sleeping thread is told, with descriptors, time-outs and the holder of its mutex")
  func sleepers() throws {
    let sleepers = try Sleepers()
    let (threads, process) = try Self.settled(sleepers)
    Self.check(threads, sleepers.numbers)
    #expect(threads.values.allSatisfy { $0.state == UInt8(ascii: "S") && $0.wchan != nil })
    #expect(threads["mutex"]?.call?.likelyHolder == sleepers.process)
    #expect(threads["condition"]?.call?.likelyHolder == nil)
    #expect(threads["mutex"]?.call?.futex?.isShared == false)
    #expect(threads["mutex"]?.call?.futex?.isContendedMutex == true)
    #expect(threads["condition"]?.call?.futex?.isContendedMutex == false)
    let text = try LiveKernel().contents(of: "/proc/uptime")
    let decoded = ProcUptime.decode(text.span)
    let uptime = try #require(decoded)
    #expect(threads.values.allSatisfy { uptime.age(ofStart: $0.startTicks) < 60_000 })
    let folder = try #require(sleepers.numbers["folder"])
    #expect(process.descriptors?[folder]?.name.hasPrefix("/tmp/sleepers-") == true)
    let instance = try #require(sleepers.numbers["instance"])
    let listener = try #require(sleepers.numbers["listener"])
    #expect(process.watchLists[instance]?.map(\.descriptor) == [listener])
    #expect(process.parent == getpid() && !process.isOpaque && process.isFrozen != true)
  }

  @Test("after a stop the calls are told as before, though the kernel shows restart_syscall")
  func resumed() throws {
    let sleepers = try Sleepers()
    _ = try Self.settled(sleepers)
    kill(sleepers.process, SIGSTOP)
    let deadline = ContinuousClock.now + .seconds(30)
    let probe = ProcessProbe(through: LiveKernel())
    while probe.probe(sleepers.process)?.threads.allSatisfy(\.isStopped) != true,
      ContinuousClock.now < deadline
    {
      usleep(2000)
    }
    kill(sleepers.process, SIGCONT)
    let (threads, process) = try Self.settled(sleepers)
    Self.check(threads, sleepers.numbers)
    #expect(!process.threads.contains { $0.call?.name == .restartSyscall })
  }

  @Test("who waits for a lock on a file, and who has it, is in /proc/locks")
  func locks() throws {
    let sleepers = try Sleepers()
    _ = try Self.settled(sleepers)
    let locks = ProcLocks(try LiveKernel().contents(of: "/proc/locks"))
    let holders = locks.holders(inTheWayOf: sleepers.process)
    #expect(holders.map(\.process) == [sleepers.process])
    #expect(holders.first?.kind == .flock && holders.first?.isForWriting == true)
  }

  @Test("a recording of two moments answers the probe at both, with the memory of then")
  func recorded() throws {
    let folder = try TemporaryFolder()
    var sleepers: Sleepers? = try Sleepers()
    let (process, numbers) = (try #require(sleepers).process, try #require(sleepers).numbers)
    _ = try Self.settled(try #require(sleepers))
    let writer = try RecordingWriter(
      to: folder.file("a"), header: .now(through: LiveKernel(), program: "1"))
    let host = OnlyProcess(process)
    _ = try HostRecorder.record(through: host, into: writer, samples: 2, every: 0)
    sleepers = nil
    try writer.finish()
    let replay = try RecordedKernel(path: folder.file("a"))
    #expect(replay.samples == 2)
    for number in 0..<2 {
      let sample = try #require(replay.sample(number))
      let snapshot = try #require(ProcessProbe(through: sample).probe(process))
      let named = snapshot.threads.map { (String(decoding: $0.command, as: UTF8.self), $0) }
      Self.check(Dictionary(named) { first, _ in first }, numbers)
    }
  }
}
