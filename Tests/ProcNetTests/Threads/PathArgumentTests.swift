import Glibc
import TestSupport
import Testing

@testable import ProcNet

/// The paths that calls of the file system lead to.
@Suite struct PathArgumentTests {
  /// `AT_FDCWD`, as a program of 32 bit arguments and one of 64 bit ones leaves it.
  private static let here: [UInt64] = [0xFFFF_FF9C, 0xFFFF_FFFF_FFFF_FF9C]

  private static func call(
    _ name: CallName, _ arguments: [UInt64], _ kernel: any Kernel,
    on architecture: Architecture = .x86
  ) -> ThreadCall {
    let number = CallTable.number(of: name, on: architecture) ?? -2
    let six = Array((arguments + [0, 0, 0, 0, 0, 0]).prefix(6))
    return SyscallDecoder(kernel: kernel, architecture: architecture).call(number, six, of: 7)
  }

  private static func memory(_ text: String, at address: UInt64 = 0x1000) -> FakeKernel {
    FakeKernel().memory(7, at: address, Array(text.utf8))
  }

  private static let path = Array("/mnt/a".utf8)

  @Test("the path ends at the first zero byte, wherever the call has its pointer")
  func places() {
    let kernel = Self.memory("/mnt/a\0secret\0")
    #expect(Self.call(.open, [0x1000], kernel).path == Self.path)
    #expect(Self.call(.stat, [0x1000, 0x9000], kernel).path == Self.path)
    #expect(Self.call(.openat, [4, 0x1000], kernel, on: .aarch64).path == Self.path)
    #expect(Self.call(.statx, [4, 0x1000], kernel).path == Self.path)
    #expect(Self.call(.symlink, [0x9000, 0x1000], kernel).path == Self.path)
    #expect(Self.call(.symlinkat, [0x9000, 4, 0x1000], kernel).path == Self.path)
    #expect(Self.call(.openat, [4, 0x1000], kernel).pathFolder == 4)
    #expect(Self.call(.symlinkat, [0x9000, 4, 0x1000], kernel).pathFolder == 4)
    #expect(Self.call(.open, [0x1000], kernel).pathFolder == nil)
    for folder in Self.here {
      #expect(Self.call(.openat, [folder, 0x1000], kernel).pathFolder == nil)
    }
  }

  @Test("calls without a path have none, and hide none")
  func without() {
    let kernel = Self.memory("/mnt/a\0")
    for name in [CallName.read, .fstat, .fsync, .close, .futex] {
      let call = Self.call(name, [0x1000, 0x1000], kernel)
      #expect(call.path == nil && call.pathFolder == nil && !call.hidesPath)
    }
    #expect(Self.call(.fsync, [5], kernel).descriptors?.map(\.number) == [5])
    #expect(Self.call(.openat, [4, 0x1000], kernel).descriptors == [])
  }

  @Test("a path that crosses into the next part is put together, one without an end is not")
  func long() {
    let first = String(repeating: "a", count: 256)
    let kernel = Self.memory(first).memory(7, at: 0x1100, Array("bc\0d".utf8))
    #expect(Self.call(.stat, [0x1000], kernel).path == Array((first + "bc").utf8))
    let endless = Self.memory(first)
      .memory(7, at: 0x1100, [UInt8](repeating: 98, count: 4096))
    #expect(Self.call(.stat, [0x1000], endless).path == nil)
    #expect(Self.call(.stat, [0x1000], endless).hidesPath)
    #expect(Self.call(.stat, [0x1000], Self.memory(first)).path == nil)
  }

  @Test("before memory that is not mapped only a path that ends there is one")
  func edge() {
    #expect(Self.call(.stat, [0x1FFA], Self.memory("/mnt/a", at: 0x1FFA)).path == nil)
    #expect(Self.call(.stat, [0x1FF9], Self.memory("/mnt/a\0", at: 0x1FF9)).path == Self.path)
    #expect(Self.call(.stat, [.max], Self.memory("", at: .max)).path == nil)
    let short = FaultyKernel(Self.memory("/mnt/a\0"), [Fault(.memory, nil, .shortPieces(3))])
    #expect(Self.call(.stat, [0x1000], short).path == nil)
  }

  @Test("what cannot be read is hidden, not empty; no pointer is an empty path")
  func unreadable() {
    let denied = FaultyKernel(Self.memory("/mnt/a\0"), [Fault(.memory, nil, .fails(EPERM))])
    #expect(Self.call(.stat, [0x1000], denied).path == nil)
    #expect(Self.call(.stat, [0x1000], denied).hidesPath)
    #expect(Self.call(.statx, [4, 0], denied).path == [])
    #expect(Self.call(.newfstatat, [4, 0x1000], Self.memory("\0")).path == [])
    #expect(!Self.call(.statx, [4, 0], denied).hidesPath)
  }

  private static func whole(_ call: ThreadCall, cwd: String? = nil) -> String? {
    var process = ProcessSnapshot(process: 7, command: [], state: UInt8(ascii: "S"))
    process.workingFolder = cwd.map { Array($0.utf8) }
    process.descriptors = [4: DescriptorTarget(link: Array("/srv/x".utf8).span), 5: .socket(9)]
    return process.path(of: call).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test("a relative path is completed from the descriptor or the working folder")
  func relative() {
    let kernel = Self.memory("b/c\0")
    let here = Self.call(.openat, [Self.here[0], 0x1000], kernel)
    #expect(Self.whole(here, cwd: "/home") == "/home/b/c")
    #expect(Self.whole(here, cwd: "/") == "/b/c")
    #expect(Self.whole(here) == nil && here.beginsAtWorkingFolder)
    #expect(Self.whole(Self.call(.openat, [4, 0x1000], kernel), cwd: "/home") == "/srv/x/b/c")
    #expect(Self.whole(Self.call(.openat, [5, 0x1000], kernel), cwd: "/home") == nil)
    let itself = Self.call(.newfstatat, [4, 0x1000], Self.memory("\0"))
    #expect(Self.whole(itself) == "/srv/x")
    #expect(Self.whole(Self.call(.open, [0x1000], Self.memory("/mnt/a\0"))) == "/mnt/a")
    #expect(Self.whole(Self.call(.read, [4], kernel), cwd: "/") == nil)
  }

  private static func recording(of kernel: any Kernel) throws -> RecordedKernel {
    let folder = try TemporaryFolder()
    let writer = try RecordingWriter(
      to: folder.file("a"), header: .now(through: kernel, program: "1"))
    _ = try HostRecorder.record(through: kernel, into: writer)
    try writer.finish()
    return try RecordedKernel(path: folder.file("a"))
  }

  @Test("mounts are recorded for a thread that reads a file, not for one that reads a socket")
  func mounts() throws {
    let mounts = "29 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
    let socket = ProbedProcess.kernel.file("/proc/7/mountinfo", mounts)
    #expect(ProcMountInfo(of: 7, through: try Self.recording(of: socket)) == nil)
    let file = socket.file("/proc/7/task/7/syscall", ProbedProcess.syscall(0, "0x8"))
    #expect(ProcMountInfo(of: 7, through: try Self.recording(of: file)) != nil)
  }

  @Test("the working folder is read for a relative path only, and recorded with it")
  func recorded() throws {
    let text = "257 0xffffff9c 0x1000 0x0 0x0 0x0 0x0 0x7ffd0c3a3ef8 0x7f2f6b91f2ad\n"
    let live = ProbedProcess.kernel.file("/proc/7/task/7/syscall", text)
      .memory(7, at: 0x1000, Array("b/c\0".utf8)).link("/proc/7/cwd", "/srv")
      .file("/proc/7/mountinfo", "91 29 0:48 / /srv rw - nfs4 10.0.0.5:/export rw\n")
    let kernels: [any Kernel] = [live, try Self.recording(of: live)]
    for kernel in kernels {
      let process = try #require(ProcessProbe(through: kernel).probe(7))
      let call = try #require(process.threads.first?.call)
      let path = try #require(process.path(of: call))
      #expect(path == Array("/srv/b/c".utf8))
      #expect(ProcMountInfo(of: 7, through: kernel)?.mount(of: path)?.isRemote == true)
    }
    let other = ProbedProcess.kernel.link("/proc/7/cwd", "/srv")
    #expect(ProcessProbe(through: other).probe(7)?.workingFolder == nil)
  }
}
