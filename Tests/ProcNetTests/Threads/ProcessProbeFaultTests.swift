import Glibc
import TestSupport
import Testing

@testable import ProcNet

/// What a probe says when it may not look, when something ends under it, and of hostile text.
@Suite struct ProcessProbeFaultTests {
  private static func probe(_ faults: Fault...) -> ProcessSnapshot? {
    ProcessProbe(through: FaultyKernel(ProbedProcess.kernel, faults)).probe(7)
  }

  @Test("a call that is not for us to see is denied, and the state is still told")
  func denied() throws {
    for number in [EACCES, EPERM] {
      let snapshot = try #require(
        Self.probe(
          Fault(.read, "/proc/7/task/7/syscall", .fails(number)),
          Fault(.read, "/proc/7/task/8/syscall", .fails(number))))
      #expect(snapshot.threads.map(\.activity) == [.denied, .denied] && snapshot.isOpaque)
      #expect(snapshot.threads.allSatisfy { $0.state == UInt8(ascii: "S") })
    }
  }

  @Test("descriptors that may be seen in part only are not known, rather than few")
  func partOfDescriptors() throws {
    let snapshot = try #require(Self.probe(Fault(.walk, nil, .failsAfter(2, EACCES))))
    #expect(snapshot.descriptors == nil && snapshot.watchLists.isEmpty)
  }

  @Test("a thread that ends meanwhile costs only itself", arguments: ["stat", "status"])
  func vanishedThread(file: String) throws {
    let snapshot = try #require(Self.probe(Fault(.read, "/proc/7/task/7/\(file)", .fails(ESRCH))))
    #expect(snapshot.threads.map(\.thread) == [8] && snapshot.threadCount == 2)
  }

  @Test("a process that is gone, or hidden, is nil")
  func vanished() {
    #expect(Self.probe(Fault(.read, "/proc/7/stat", .fails(ESRCH))) == nil)
    #expect(Self.probe(Fault(.read, "/proc/7/stat", .fails(ENOENT))) == nil)
    #expect(ProcessProbe(through: FakeKernel()).probe(7) == nil)
  }

  @Test("a process that ends after its first file leaves what had been read")
  func half() throws {
    let snapshot = try #require(
      Self.probe(
        Fault(.read, "/proc/7/status", .fails(ESRCH)),
        Fault(.read, "/proc/7/cmdline", .fails(ESRCH)),
        Fault(.read, "/proc/7/limits", .fails(ESRCH)),
        Fault(.list, "/proc/7/task", .fails(ESRCH)),
        Fault(.walk, "/proc/7/fd", .fails(ESRCH)), Fault(.identity, nil, .fails(ENOENT))))
    #expect(snapshot.uid == nil && snapshot.commandLine == nil && snapshot.threads.isEmpty)
    #expect(snapshot.openFiles == nil && snapshot.descriptors == nil)
  }

  @Test(
    "text that says nothing we know is unknown, not idle",
    arguments: [
      "", "run", "45", "45 0x4", "45 0x4 0x0 0x0 0x0 0x0", "99999999999 0x0 0x0 0x0 0x0 0x0 0x0 \n",
      "\u{1B}[31m", "45 0xzz 0x0 0x0 0x0 0x0 0x0 0x1 0x2",
    ])
  func hostileCall(text: String) throws {
    let kernel = ProbedProcess.kernel.file("/proc/7/task/7/syscall", text)
    let snapshot = try #require(ProcessProbe(through: kernel).probe(7))
    #expect(snapshot.threads.first?.activity == .unknown)
  }

  @Test("a 32 bit program's numbers are not taken for ours")
  func narrow() throws {
    let text = "3 0x4 0x0 0x0 0x0 0x0 0x0 0xffd8c3f8 0xf7f2b549\n"
    let kernel = ProbedProcess.kernel.file("/proc/7/task/7/syscall", text)
    let call = try #require(ProcessProbe(through: kernel).probe(7)?.threads.first?.call)
    #expect(call.number == 3 && call.name == nil && call.descriptors == nil)
  }

  @Test("running and outside of a call are told apart")
  func awake() throws {
    let kernel = ProbedProcess.kernel.file("/proc/7/task/7/syscall", "running\n")
      .file("/proc/7/task/8/syscall", "-1 0x7ffd 0x7f2f\n")
    let snapshot = try #require(ProcessProbe(through: kernel).probe(7))
    #expect(snapshot.threads.map(\.activity) == [.running, .outsideCall])
  }

  @Test("a mutex names its holder only when that thread is one of the process's others")
  func holder() throws {
    for (owner, expected) in [(8, Int32(8)), (7, nil), (9, nil)] as [(UInt8, Int32?)] {
      let text = "202 0x5000 0x80 0x2 0x0 0x0 0x0 0x7ffd0c3a3ef8 0x7f2f6b91f2ad\n"
      let kernel = ProbedProcess.kernel.file("/proc/7/task/7/syscall", text)
        .memory(7, at: 0x5000, [2, 0, 0, 0, 0, 0, 0, 0, owner, 0, 0, 0])
      let call = try #require(ProcessProbe(through: kernel).probe(7)?.threads.first?.call)
      #expect(call.likelyHolder == expected && call.futex?.address == 0x5000)
    }
  }

  @Test("names and command lines are passed on as they are, a long line without its end")
  func hostileNames() throws {
    let line = "x\u{1B}[2J\u{0}" + String(repeating: "a", count: 9000)
    let kernel = ProbedProcess.kernel.file("/proc/7/cmdline", line)
      .file("/proc/7/stat", ProbedProcess.stat(7, "a) R 9 (b"))
    let snapshot = try #require(ProcessProbe(through: kernel).probe(7))
    #expect(snapshot.commandLine?.count == ProcessProbe.longestCommandLine)
    #expect(snapshot.commandLine?.starts(with: Array("x\u{1B}[2J a".utf8)) == true)
    #expect(snapshot.command == Array("a) R 9 (b".utf8) && snapshot.state == UInt8(ascii: "S"))
  }
}
