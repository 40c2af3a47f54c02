import TestSupport
import Testing

@testable import ProcNet

/// Who has what others wait for: locks on files, ends of pipes, frozen groups, children.
@Suite struct LocksAndPipesTests {
  private static let locks = """
    1: POSIX  ADVISORY  WRITE 24322 fe:00:5382396 1073741824 1073742335
    2: FLOCK  ADVISORY  WRITE 24316 fe:00:16220194 0 EOF
    2: -> FLOCK  ADVISORY  WRITE 25417 fe:00:16220194 0 EOF
    2:  -> FLOCK  ADVISORY  READ 25418 fe:00:16220194 0 EOF
    3: OFDLCK ADVISORY  READ  -1 08:1f:123 0 EOF
    4: LEASE  ACTIVE    READ 7 <none>:0 0 EOF
    """

  @Test("every lock is told, with who waits for it")
  func read() throws {
    let found = ProcLocks(Array(Self.locks.utf8)).locks
    #expect(found.map(\.kind) == [.process, .flock, .flock, .flock, .openFile, .other])
    #expect(found.map(\.isWaiting) == [false, false, true, true, false, false])
    #expect(found.map(\.process) == [24322, 24316, 25417, 25418, nil, 7])
    #expect(found[4].major == 8 && found[4].minor == 0x1F && found[4].inode == 123)
    #expect(found[5].inode == nil && !found[4].isForWriting && found[0].isForWriting)
  }

  @Test("the holder of what a process waits for, however far back it stands")
  func holders() {
    let locks = ProcLocks(Array(Self.locks.utf8))
    #expect(locks.holders(inTheWayOf: 25418).map(\.process) == [24316])
    #expect(locks.holders(inTheWayOf: 24322).isEmpty)
  }

  @Test("every prefix is read without a trap, and a bad line costs that line")
  func hostile() {
    let bytes = Array(Self.locks.utf8)
    for length in bytes.indices { _ = ProcLocks(Array(bytes.prefix(length))) }
    let text = "x\n: \n1 POSIX\n5: FLOCK  ADVISORY  WRITE 99999999999 0:0:1 0 EOF\n\(Self.locks)"
    #expect(ProcLocks(Array(text.utf8)).locks.count == 6)
  }

  @Test("the ends of a pipe are told by the flags of their descriptors")
  func pipes() {
    let kernel = FakeKernel().folder("/proc", ["7/", "8/", "9/", "net/"])
      .process(7, [FakeDescriptor(1, "pipe:[50]"), FakeDescriptor(2, "pipe:[51]")])
      .process(8, [FakeDescriptor(0, "pipe:[50]"), FakeDescriptor(5, "pipe:[50]")])
      .file("/proc/7/fdinfo/1", "pos:\t0\nflags:\t01\n").file("/proc/7/comm", "left\n")
      .file("/proc/8/fdinfo/0", "pos:\t0\nflags:\t0100000\n").file("/proc/8/comm", "right\n")
    let found = PipeHolders.find([50], through: kernel).holders(of: 50)
    #expect(found.map(\.process) == [7, 8, 8] && found.map(\.descriptor) == [1, 0, 5])
    #expect(found.map(\.writes) == [true, false, nil])
    #expect(found.map(\.reads) == [false, true, nil])
    #expect(found[1].command == Array("right".utf8))
    #expect(PipeHolders.find([50], through: kernel).holders(of: 51).isEmpty)
  }

  private static func frozen(_ cgroup: String, _ kernel: FakeKernel) -> Bool? {
    FrozenCgroups(through: kernel).isFrozen(ProcCgroup(Array(cgroup.utf8)))
  }

  @Test("a frozen group is told by either version of the control groups, else nothing is")
  func freezer() {
    let mounts =
      "cg2 /sys/fs/cgroup cgroup2 rw 0 0\ncg /cg/freezer cgroup rw,relatime,freezer 0 0\n"
    let kernel = FakeKernel().file("/proc/self/mounts", mounts)
      .file("/sys/fs/cgroup/a/cgroup.events", "populated 1\nfrozen 1\n")
      .file("/sys/fs/cgroup/b/cgroup.events", "populated 1\nfrozen 0\n")
      .file("/cg/freezer/c/freezer.state", "FROZEN\n")
      .file("/cg/freezer/d/freezer.state", "THAWED\n")
    #expect(Self.frozen("0::/a\n", kernel) == true)
    #expect(Self.frozen("0::/b\n", kernel) == false)
    #expect(Self.frozen("6:freezer:/c\n0::/b\n", kernel) == true)
    #expect(Self.frozen("6:freezer:/d\n0::/\n", kernel) == false)
    #expect(Self.frozen("0::/\n", kernel) == nil, "the root has no such file")
    #expect(Self.frozen("0::/../a\n", kernel) == nil)
    #expect(Self.frozen("0::/a\n", FakeKernel()) == nil)
  }

  @Test("without control groups the place where it sleeps tells that a process is frozen")
  func refrigerator() throws {
    let kernel = ProbedProcess.kernel.file("/proc/7/task/8/wchan", "__refrigerator")
    #expect(ProcessProbe(through: ProbedProcess.kernel).probe(7)?.isFrozen == nil)
    #expect(ProcessProbe(through: kernel).probe(7)?.isFrozen == true)
    for place in ["get_signal", "do_freezer_trap"] {
      let asleep = ProbedProcess.kernel.file("/proc/7/task/8/wchan", place)
      #expect(ProcessProbe(through: asleep).probe(7)?.isFrozen == true)
      let dying = asleep.file("/proc/7/task/8/stat", ProbedProcess.stat(8, "t8", "D"))
      #expect(ProcessProbe(through: dying).probe(7)?.isFrozen == nil)
    }
  }

  private static func child(_ name: CallName, _ arguments: [UInt64]) -> AwaitedChild? {
    ThreadCall(
      number: 0, name: name, arguments: Array((arguments + [0, 0, 0, 0, 0]).prefix(6)),
      descriptors: [], timeout: .never
    ).awaitedChild
  }

  @Test("which child is waited for")
  func children() {
    #expect(Self.child(.wait4, [17]) == .process(17))
    #expect(Self.child(.wait4, [0xFFFF_FFFF]) == .any)
    #expect(Self.child(.wait4, [0]) == .group(0))
    #expect(Self.child(.wait4, [0xFFFF_FFF0]) == .group(16))
    #expect(Self.child(.wait4, [0x8000_0000]) == nil)
    #expect(Self.child(.waitid, [0, 9]) == .any && Self.child(.waitid, [1, 9]) == .process(9))
    #expect(Self.child(.waitid, [3, 9]) == .descriptor(9) && Self.child(.waitid, [8]) == nil)
    #expect(Self.child(.read, [1]) == nil)
  }
}
