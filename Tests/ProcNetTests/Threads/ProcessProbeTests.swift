import Foundation
import TestSupport
import Testing

@testable import ProcNet

/// A process and its threads as one value.
@Suite struct ProcessProbeTests {
  private static func probe(
    _ kernel: any Kernel = ProbedProcess.kernel, _ wants: ProcessProbe.Wants = .all
  ) -> ProcessSnapshot? {
    ProcessProbe(through: kernel).probe(7, wanting: wants)
  }

  @Test("the process: who it is, what it may do and what it has open")
  func process() throws {
    let snapshot = try #require(Self.probe())
    #expect(snapshot.command == Array("server".utf8) && snapshot.parent == 1)
    #expect(snapshot.commandLine == Array("server --port 80".utf8))
    #expect(snapshot.startTicks == 4711 && snapshot.uid == 1001)
    #expect(snapshot.openFiles == 6 && snapshot.openFilesLimit == .count(1024))
    #expect(snapshot.controlGroup == Array("/system.slice/server.service".utf8))
    #expect(
      snapshot.descriptors == [
        3: .socket(100), 4: .socket(101), 5: .eventPoll, 6: .pipe(4_294_967_297),
        7: .other(Array("pipe:[7".utf8)), 8: .file(Array("/var/log/x".utf8)),
      ])
    #expect(
      snapshot.watchLists == [5: [WatchedDescriptor(descriptor: 3, events: 0x19, inode: 0x64)]])
  }

  @Test("the threads: what each one sleeps in")
  func threads() throws {
    let snapshot = try #require(Self.probe())
    #expect(snapshot.threads.map(\.thread) == [7, 8] && snapshot.threadCount == 2)
    let first = snapshot.threads[0]
    #expect(first.call?.name == .recvfrom && first.wchan == Array("wait_woken".utf8))
    #expect(first.voluntarySwitches == 5 && first.forcedSwitches == 2 && first.tracer == 0)
    #expect(first.userTicks == 11 && first.kernelTicks == 12)
    let second = snapshot.threads[1]
    #expect(second.call?.name == .epollWait && second.call?.timeout == .never)
    #expect(second.wchan == nil)
  }

  @Test("a worker of io_uring shows another thread's call: it counts only while a disk holds it up")
  func ringWorkers() throws {
    func threads(_ state: String) -> [ThreadSnapshot]? {
      let kernel = ProbedProcess.kernel
        .file("/proc/7/task/8/stat", ProbedProcess.stat(8, "iou-wrk-7", state))
        .file("/proc/7/task/8/syscall", "426 0x9 0x1 0x0 0x0 0x0 0x8 0x0 0x0\n")
      return Self.probe(kernel)?.threads
    }
    #expect(try #require(threads("S")).map(\.thread) == [7])
    let busy = try #require(threads("D"))
    #expect(busy.map(\.thread) == [7, 8] && busy[1].activity == .outsideCall)
  }

  @Test("a pidfd names its process, until that has ended")
  func processDescriptors() throws {
    var kernel = ProbedProcess.kernel.file("/proc/7/fdinfo/9", "flags:\t02\nPid:\t42\n")
      .file("/proc/7/fdinfo/10", "flags:\t02\nPid:\t-1\n")
    kernel.descriptors[7]?.append(FakeDescriptor(9, "anon_inode:[pidfd]"))
    kernel.descriptors[7]?.append(FakeDescriptor(10, "pidfd:[4611]"))
    #expect(Self.probe(kernel)?.processDescriptors == [9: 42])
    #expect(Self.probe(kernel, .descriptors)?.processDescriptors == [:])
  }

  @Test("only what is wanted is read")
  func wants() throws {
    let snapshot = try #require(Self.probe(ProbedProcess.kernel, []))
    #expect(snapshot.threads.isEmpty && snapshot.threadCount == 2)
    #expect(snapshot.descriptors == nil && snapshot.watchLists.isEmpty)
    #expect(snapshot.commandLine == nil && snapshot.openFilesLimit == nil)
    let lists = try #require(Self.probe(ProbedProcess.kernel, .watchLists))
    #expect(lists.watchLists.count == 1)
  }

  @Test("the first thread comes first, also when the numbers have wrapped around")
  func order() throws {
    var kernel = ProbedProcess.kernel.folder("/proc/7/task", ["2/", "7/", "8/"])
    for name in ["stat", "status", "syscall", "wchan"] {
      kernel.files["/proc/7/task/2/\(name)"] = kernel.files["/proc/7/task/8/\(name)"]
    }
    #expect(Self.probe(kernel)?.threads.map(\.thread) == [7, 2, 8])
  }

  @Test("a process of too many threads is cut short, and says how many there are")
  func manyThreads() throws {
    var kernel = ProbedProcess.kernel.folder("/proc/7/task", (7..<5007).map { "\($0)/" })
    for thread in 7..<5007 {
      kernel.files["/proc/7/task/\(thread)/stat"] =
        Array(ProbedProcess.stat(Int32(thread), "t").utf8)
    }
    let snapshot = try #require(Self.probe(kernel, .threads))
    #expect(snapshot.threadCount == 5000)
    #expect(snapshot.threads.count <= ProcessProbe.mostThreads)
  }

  @Test("a recording answers the probe as the host did, memory included")
  func recorded() throws {
    let folder = try TemporaryFolder()
    let live = ProbedProcess.kernel
      .file("/proc/7/task/7/syscall", "7 0x1000 0x1 0x64 0x0 0x0 0x0 0x7ffd0c3a3ef8 0x7f2f\n")
      .memory(7, at: 0x1000, [4, 0, 0, 0, 1, 0, 0, 0])
    let writer = try RecordingWriter(
      to: folder.file("a"), header: .now(through: live, program: "1"))
    _ = try HostRecorder.record(through: live, into: writer)
    try writer.finish()
    let replay = try RecordedKernel(path: folder.file("a"))
    #expect(replay.architecture == .x86)
    let snapshot = try #require(Self.probe(replay))
    let call = try #require(snapshot.threads.first?.call)
    #expect(call.name == .poll && call.timeout == .after(100))
    #expect(call.descriptors?.map(\.number) == [4])
    #expect(snapshot.watchLists.count == 1 && snapshot.threads == Self.probe(live)?.threads)
  }

  @Test("the processes of a host, without the kernel's own and the ended ones")
  func host() throws {
    let thread = "2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 1 0 0\n"
    let kernel = ProbedProcess.kernel.folder("/proc", ["7/", "2/", "9/", "10/", "11/"])
      .file("/proc/2/stat", thread)
      .file("/proc/9/stat", ProbedProcess.stat(9, "x) Z 1", "T"))
      .file(
        "/proc/10/stat",
        ProbedProcess.stat(10, "gone", "Z").replacingOccurrences(
          of: " 0 2 0 4711", with: " 0 1 0 4711"))
    let host = try HostProcesses.scan(through: kernel)
    #expect(host.processes.map(\.process) == [7, 9] && host.zombies == 1)
    #expect(host.stopped.map(\.process) == [9])
    #expect(host[9]?.command == Array("x) Z 1".utf8) && host[8] == nil)
    #expect(host.children(of: 1).count == 2)
  }
}
