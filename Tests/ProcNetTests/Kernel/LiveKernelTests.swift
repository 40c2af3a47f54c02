import Foundation
import TestSupport
import Testing

@testable import ProcNet

@Suite("The kernel of this host") struct LiveKernelTests {
  private let kernel = LiveKernel()
  private static let isRoot = geteuid() == 0

  private func failure(_ question: (LiveKernel) throws(KernelError) -> Void) -> KernelError? {
    do throws(KernelError) {
      try question(kernel)
      return nil
    } catch {
      return error
    }
  }

  @Test("an error says what was tried, on what, and why")
  func notThere() {
    let path = "/no/such/file"
    #expect(
      failure { (kernel) throws(KernelError) in _ = try kernel.contents(of: path) }
        == KernelError("read", path, .system(ENOENT)))
    #expect(
      failure { (kernel) throws(KernelError) in _ = try kernel.entries(of: path) }
        == KernelError("list", path, .system(ENOENT)))
    #expect(
      failure { (kernel) throws(KernelError) in _ = try kernel.link(at: path) }
        == KernelError("read link", path, .system(ENOENT)))
    #expect(
      failure { (kernel) throws(KernelError) in _ = try kernel.identity(of: path) }?.message
        == "cannot look at /no/such/file: no such file or directory")
  }

  @Test("a file is no folder, a folder is no file, and what is no link has no target")
  func wrongKind() throws {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let file = try folder.write([1])
    #expect(
      failure { (kernel) throws(KernelError) in _ = try kernel.entries(of: file) }
        == KernelError("list", file, .system(ENOTDIR)))
    #expect(
      failure { (kernel) throws(KernelError) in _ = try kernel.contents(of: folder.path) }
        == KernelError("read", folder.path, .system(EISDIR)))
    #expect(
      failure { (kernel) throws(KernelError) in _ = try kernel.link(at: file) }
        == KernelError("read link", file, .system(EINVAL)))
  }

  @Test("a process that is gone is gone")
  func noProcess() {
    let error = failure { (kernel) throws(KernelError) in
      try kernel.walkDescriptors(ofProcess: 0x7FFF_FFFE) { _, _ in }
    }
    #expect(error?.isGone == true)
  }

  @Test(
    "a file arrives whole and in order, whatever its size",
    arguments: [0, 1, 65_535, 65_536, 200_000, 262_144, 262_145, 1_000_000])
  func read(size: Int) throws {
    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    #expect(try kernel.contents(of: try folder.write(bytes)) == bytes)
  }

  @Test("what a reader throws ends the reading, with that very error")
  func readerThrows() throws {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let path = try folder.write([UInt8](repeating: 1, count: 200_000))
    var pieces = 0
    #expect(throws: KernelError.enough) {
      try kernel.read(path) { (_) throws(KernelError) in
        pieces += 1
        throw .enough
      }
    }
    #expect(pieces == 1)
  }

  @Test("our own descriptors are found, with what they lead to")
  func ownDescriptors() throws {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let number = open(try folder.write([1], to: "a b"), O_RDONLY | O_CLOEXEC)
    defer { close(number) }
    var found: [Int32: [UInt8]] = [:]
    try kernel.walkDescriptors(ofProcess: getpid()) { number, link in
      found[number] = link.copied()
    }
    #expect(found[number] == Array(folder.file("a b").utf8))
  }

  @Test("/proc is read elsewhere when told so, and nothing of our own")
  func procRoot() throws {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    try FileManager.default.createDirectory(
      atPath: folder.file("7/fd"), withIntermediateDirectories: true)
    symlink("socket:[9]", folder.file("7/fd/3"))
    _ = try folder.write([7], to: "stat")
    for root in [folder.path, folder.path + "/"] {
      let other = LiveKernel(procRoot: root)
      #expect(try other.contents(of: "/proc/stat") == [7])
      #expect(try other.link(at: "/proc/7/fd/3") == Array("socket:[9]".utf8))
      #expect(try other.entries(of: "/proc").map(\.name).sorted() == ["7", "stat"])
      #expect(try other.identity(of: "/proc/stat").size == 1)
      #expect(throws: KernelError("read", "\(folder.path)/1/net/tcp", .system(ENOENT))) {
        try other.contents(of: "/proc/net/tcp")
      }
      // Not under /proc, although it begins with the same letters.
      let top = "\(folder.path)/1/root"
      #expect(throws: KernelError("read", top, .system(ENOENT))) {
        try other.contents(of: "/processes/stat")
      }
      var links: [[UInt8]] = []
      try other.walkDescriptors(ofProcess: 7) { _, link in links.append(link.copied()) }
      #expect(links == [Array("socket:[9]".utf8)])
    }
  }

  @Test(
    "what another user may not read is denied, which is not the same as gone",
    .enabled(if: isRoot, "only root can become another user"))
  func denied() throws {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let path = try folder.write([1])
    chmod(path, 0o600)
    chmod(folder.path, 0o711)
    ThreadRights.asNobody {
      let error = failure { (kernel) throws(KernelError) in _ = try kernel.contents(of: path) }
      #expect(error == KernelError("read", path, .system(EACCES)))
      let listing = failure { (kernel) throws(KernelError) in
        _ = try kernel.entries(of: folder.path)
      }
      #expect(listing?.isDenied == true)
      #expect(listing?.isGone == false)
      let walk = failure { (kernel) throws(KernelError) in
        try kernel.walkDescriptors(ofProcess: 1) { _, _ in }
      }
      #expect(walk?.isDenied == true)
    }
  }

  @Test(
    "descriptors that may be listed but not looked at are denied, not missing",
    .enabled(if: isRoot, "only root can start a process of another user"))
  func linksDenied() throws {
    let sleeper = try #require(
      OwnersProcess(["setpriv", "--reuid=65534", "--clear-groups", "sleep", "60"]))
    defer { withExtendedLifetime(sleeper) {} }
    let process = sleeper.process
    let hasBecome = OwnersProcess.eventually {
      (try? kernel.contents(of: "/proc/\(process)/comm")) == Array("sleep\n".utf8)
    }
    try #require(hasBecome)
    var seen = 0
    let walk = { (kernel: LiveKernel) throws(KernelError) in
      try kernel.walkDescriptors(ofProcess: process) { _, _ in seen += 1 }
    }
    #expect(failure(walk) == nil)
    #expect(seen > 0)
    seen = 0
    let denied = ThreadRights.withoutPtrace { failure(walk) }
    #expect(denied?.isDenied == true)
    #expect(seen == 0)
  }
}
