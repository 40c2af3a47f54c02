import Foundation
import TestSupport
import Testing

@testable import ProcNet

/// Open files that another process has a lock on.
@Suite struct LockedFilesTests {
  private static let locks = ProcLocks(
    Array(
      """
      1: POSIX  ADVISORY  WRITE 20 08:01:500 1073741824 1073742335
      2: FLOCK  ADVISORY  READ 7 08:01:501 0 EOF
      3: OFDLCK ADVISORY  WRITE -1 08:01:502 0 EOF
      4: FLOCK  ADVISORY  WRITE 21 08:02:503 0 EOF
      4: -> FLOCK  ADVISORY  WRITE 22 08:02:503 0 EOF
      5: LEASE  ACTIVE    READ 23 08:01:504 0 EOF
      6: FLOCK  ADVISORY  WRITE 24 08:01:505 0 EOF
      """.utf8))

  private static let mounts =
    "29 1 8:1 / / rw - ext4 /dev/sda1 rw\n30 29 8:2 / /mnt rw - ext4 /dev/sda2 rw\n"
    + "31 29 0:50 / /net rw - nfs4 a:/ rw\n"

  private static func info(_ inode: Int?, mount: Int, _ more: String = "") -> String {
    "pos:\t0\nflags:\t02\nmnt_id:\t\(mount)\n" + (inode.map { "ino:\t\($0)\n" } ?? "") + more
  }

  private static let kernel = FakeKernel().file("/proc/7/mountinfo", mounts)
    .file("/proc/7/fdinfo/3", info(500, mount: 29)).file("/proc/7/fdinfo/4", info(501, mount: 29))
    .file("/proc/7/fdinfo/5", info(502, mount: 29)).file("/proc/7/fdinfo/6", info(503, mount: 30))
    .file("/proc/7/fdinfo/8", info(504, mount: 29)).file("/proc/7/fdinfo/9", info(503, mount: 29))

  private static func process(_ descriptors: [Int32]) -> ProcessSnapshot {
    var process = ProcessSnapshot(process: 7, command: [], state: UInt8(ascii: "S"))
    process.descriptors = Dictionary(
      uniqueKeysWithValues: descriptors.map { ($0, .file(Array("/db/\($0)".utf8))) })
    return process
  }

  private static func found(
    _ descriptors: [Int32], _ kernel: any Kernel = kernel
  ) -> [LockedFiles.LockedFile] {
    LockedFiles(locks, through: kernel).files(of: process(descriptors))
  }

  @Test("locks of others on files that are open here; none of our own, no leases, no waiters")
  func others() {
    let found = Self.found([3, 4, 5, 6, 8])
    #expect(found.map(\.descriptor) == [3, 5, 6] && found.map(\.holder) == [20, nil, 21])
    #expect(found[0].path == Array("/db/3".utf8) && found[0].lock.isForWriting)
    #expect(found[0].lock.start == 1_073_741_824 && found[0].lock.end == 1_073_742_335)
    #expect(found.allSatisfy { $0.isSameDevice == true } && found[2].lock.end == nil)
  }

  @Test("the same inode on another device is another file; without the device it may be")
  func devices() {
    #expect(Self.found([9]).isEmpty)
    var blind = Self.kernel
    blind.files["/proc/7/mountinfo"] = nil
    #expect(Self.found([9], blind).map(\.isSameDevice) == [nil])
  }

  @Test("a lock that the open file itself has is nobody else's, whoever took it")
  func inherited() {
    let kernel = Self.kernel
      .file(
        "/proc/7/fdinfo/3",
        Self.info(505, mount: 29, "lock:\t1: FLOCK  ADVISORY  WRITE 24 08:01:505 0 EOF\n")
      )
      .file(
        "/proc/7/fdinfo/5",
        Self.info(502, mount: 29, "lock:\t1: OFDLCK ADVISORY  WRITE -1 08:01:502 0 EOF\n"))
    #expect(Self.found([3, 5], kernel).isEmpty)
    #expect(Self.found([3], kernel.file("/proc/7/fdinfo/3", Self.info(505, mount: 29))).count == 1)
  }

  @Test("before Linux 5.14 stat tells the inode, but no server is asked for it")
  func old() {
    var kernel = Self.kernel.file("/proc/7/fdinfo/3", Self.info(nil, mount: 29))
      .file("/proc/7/fdinfo/4", Self.info(nil, mount: 31))
      .file("/proc/7/fdinfo/5", Self.info(nil, mount: 99))
    for descriptor in 3...5 {
      kernel.identities["/proc/7/fd/\(descriptor)"] = FileIdentity(device: 1, inode: 500, size: 0)
    }
    #expect(Self.found([3, 4, 5], kernel).map(\.descriptor) == [3])
  }

  @Test("nothing is read when nobody else has a lock, or nothing is known to be open")
  func nothing() {
    let faulty = FaultyKernel(Self.kernel, [Fault(.read, nil, .fails(EACCES))])
    #expect(Self.found([3], faulty).isEmpty)
    let own = ProcLocks(Array("2: FLOCK  ADVISORY  READ 7 08:01:501 0 EOF\n".utf8))
    #expect(LockedFiles(own, through: Self.kernel).files(of: Self.process([4])).isEmpty)
    #expect(LockedFiles(Self.locks, through: Self.kernel).files(of: Self.process([])).isEmpty)
  }

  @Test("locks are found by their file")
  func byFile() {
    let device = DeviceNumber(major: 8, minor: 2)
    #expect(Self.locks.locks(on: device, inode: 503).map(\.process) == [21, 22])
    #expect(Self.locks.locks(on: DeviceNumber(major: 8, minor: 1), inode: 503).isEmpty)
  }

  @Test("on this host: a lock of ours is in the way of a process that only has the file open")
  func live() throws {
    let folder = try TemporaryFolder()
    let file = open(folder.file("db"), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    defer { close(file) }
    var whole = flock()
    whole.l_type = Int16(F_WRLCK)
    #expect(fcntl(file, F_SETLK, &whole) == 0)
    let child = Process()
    child.executableURL = URL(fileURLWithPath: "/bin/cat")
    let input = Pipe()
    child.standardInput = input
    let other = try #require(FileHandle(forReadingAtPath: folder.file("db")))
    child.standardError = other
    try child.run()
    defer {
      try? input.fileHandleForWriting.close()
      child.waitUntilExit()
    }
    let writer = try RecordingWriter(
      to: folder.file("a"), header: .now(through: LiveKernel(), program: "1"))
    _ = try HostRecorder.record(through: OnlyProcess(child.processIdentifier), into: writer)
    try writer.finish()
    let kernels: [any Kernel] = [LiveKernel(), try RecordedKernel(path: folder.file("a"))]
    for kernel in kernels {
      let locks = ProcLocks(try kernel.contents(of: "/proc/locks"))
      let process = try #require(
        ProcessProbe(through: kernel).probe(child.processIdentifier, wanting: .descriptors))
      let found = LockedFiles(locks, through: kernel).files(of: process)
      let ours = found.filter { $0.path.reversed().starts(with: "bd/".utf8) }
      #expect(ours.map(\.holder) == [getpid()] && ours.map(\.isSameDevice) == [true])
      #expect(ours.first?.descriptor == 2 && ours.first?.lock.kind == .process)
    }
  }
}
