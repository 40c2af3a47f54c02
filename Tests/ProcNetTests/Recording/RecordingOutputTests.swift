import Foundation
import ProcNet
import TestSupport
import Testing

@Suite struct RecordingOutputTests {
  let folder: TemporaryFolder
  let kernel = FakeKernel().file("/a", "1")

  init() throws { folder = try TemporaryFolder() }

  func mode(of path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try #require(attributes[.posixPermissions] as? Int)
  }

  @Test("a recording is for its owner alone, also where another file stood")
  func mode() throws {
    let path = try folder.write([1, 2, 3])
    #expect(chmod(path, 0o644) == 0)
    try record([.file("/a")], of: kernel, to: path)
    #expect(try mode(of: path) == 0o600)
    #expect(try RecordedKernel(path: path).contents(of: "/a") == Array("1".utf8))
    #expect(try folder.names() == ["file"])
  }

  @Test("keys of TCP-MD5 are not recorded, and all else of their sockets is")
  func keys() throws {
    let row = [10, 10] + [UInt8](repeating: 7, count: 70)
    // struct tcp_diag_md5sig: family, prefix, key's length, address, key.
    func signed(_ key: [UInt8]) -> [UInt8] {
      [2, 32, 7, 0, 10, 0, 0, 1] + [UInt8](repeating: 0, count: 12) + key
        + [UInt8](repeating: 0, count: 80 - key.count)
    }
    func rows(_ keys: [UInt8]) -> [UInt8] {
      let mark = HexDump.attribute(15, [7, 0, 0, 0])
      return FakeDatagram.message(type: 20, sequence: 1, row)
        + FakeDatagram.message(
          type: 20, sequence: 1, row + mark + HexDump.attribute(18, keys) + mark)
    }
    let told = rows(signed(Array("hunter2".utf8)) + signed(Array("letmein".utf8)))
    let router = kernel.answering { _ in [told, FakeDatagram.done()] }
    let question = Question.dump(family: 10, protocolNumber: 6, namespace: nil)
    #expect(question.put(to: router) == .datagrams([told, FakeDatagram.done()]))
    let path = folder.file("a")
    try record([question], of: router, to: path)
    let kept = rows(signed([]) + signed([]))
    #expect(
      try question.put(to: RecordedKernel(path: path)) == .datagrams([kept, FakeDatagram.done()]))
  }

  @Test("a row of another family stays as it is, whatever its bytes look like")
  func otherFamily() throws {
    // unix_diag_msg is shorter: where the attributes of TCP would begin, a name is.
    let row = [1, 1] + [UInt8](repeating: 7, count: 70)
    let name = HexDump.attribute(18, [UInt8](repeating: 65, count: 100))
    let datagram = FakeDatagram.message(type: 20, sequence: 1, row + name)
    let host = kernel.answering { _ in [datagram, FakeDatagram.done()] }
    let question = Question.dump(family: 1, protocolNumber: 0, namespace: nil)
    let path = folder.file("a")
    try record([question], of: host, to: path)
    #expect(
      try question.put(to: RecordedKernel(path: path))
        == .datagrams([datagram, FakeDatagram.done()]))
  }

  @Test("until it is finished there is nothing under its name, and afterwards nothing else")
  func unfinished() throws {
    var writer: RecordingWriter? = try RecordingWriter(
      to: folder.file("a"), header: .now(through: kernel, program: "1"))
    #expect(try !folder.names().contains("a"))
    #expect(writer?.failure == nil)
    writer = nil
    #expect(try folder.names() == [])
  }

  @Test("an unfinished recording leaves the file of before")
  func before() throws {
    let path = try folder.write([1, 2, 3])
    _ = try RecordingWriter(to: path, header: .now(through: kernel, program: "1"))
    #expect(try folder.read("file") == [1, 2, 3])
  }

  @Test("a file that must not be replaced is refused at once, and one that has come since, too")
  func kept() throws {
    func writer(_ name: String) throws -> RecordingWriter {
      try RecordingWriter(
        to: folder.file(name), header: .now(through: kernel, program: "1"), replaces: false)
    }
    let path = try folder.write([1, 2, 3])
    #expect(throws: KernelError("write", path, .system(EEXIST))) { try writer("file") }
    #expect(symlink("none", folder.file("link")) == 0)
    let late = try writer("link")
    _ = try folder.write([4, 5], to: "none")
    #expect(throws: KernelError("write", folder.file("link"), .system(EEXIST))) {
      try late.finish()
    }
    #expect(try folder.read("file") == [1, 2, 3] && folder.read("none") == [4, 5])
    let free = try writer("free")
    try free.finish()
    #expect(try folder.read("free").count == free.size)
    #expect(try folder.names() == ["file", "free", "link", "none"])
  }

  @Test("a symbolic link stays, the file it names is replaced")
  func symbolicLink() throws {
    let path = try folder.write([1, 2, 3])
    #expect(symlink(path, folder.file("link")) == 0)
    try record([.file("/a")], of: kernel, to: folder.file("link"))
    #expect(try folder.names() == ["file", "link"])
    #expect(try RecordedKernel(path: path).contents(of: "/a") == Array("1".utf8))
  }

  @Test("a full disk is one error, which every later call repeats")
  func fullDisk() throws {
    let writer = try RecordingWriter(
      to: "/dev/full", header: .now(through: kernel, program: "1"))
    let large = FakeKernel().file("/a", String(repeating: "x", count: 1 << 20))
    let expected = KernelError("write", "/dev/full", .system(ENOSPC))
    let recording = RecordingKernel(large, into: writer)
    #expect(throws: expected) { try recording.contents(of: "/a", limit: .max) }
    #expect(throws: expected) { try recording.contents(of: "/b") }
    #expect(writer.failure == expected)
    #expect(throws: expected) { try writer.finish() }
  }

  @Test("a recording too small for a write fails when it is finished")
  func fullDiskAtEnd() throws {
    let writer = try RecordingWriter(
      to: "/dev/full", header: .now(through: kernel, program: "1"))
    #expect(throws: KernelError("write", "/dev/full", .system(ENOSPC))) { try writer.finish() }
  }

  @Test("a folder and a place that is not there are refused")
  func nowhere() throws {
    for path in [folder.path, folder.file("none/a"), ""] {
      #expect(throws: KernelError.self) { try record([], of: kernel, to: path) }
    }
  }

  @Test("a pipe gets the recording front to back")
  func pipe() async throws {
    let path = folder.file("pipe")
    #expect(mkfifo(path, 0o600) == 0)
    async let received = Task.detached { Self.everything(from: path) }.value
    try record([.file("/a")], of: kernel, to: path)
    let copy = try await folder.write(received)
    #expect(try RecordedKernel(path: copy).contents(of: "/a") == Array("1".utf8))
    #expect(try folder.names() == ["file", "pipe"])
  }

  /// Waits until somebody writes into a pipe, and reads until nobody does any more.
  static func everything(from pipe: String) -> [UInt8] {
    let file = open(pipe, O_RDONLY | O_CLOEXEC)
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while case let count = Foundation.read(file, &buffer, buffer.count), count > 0 {
      bytes += buffer.prefix(count)
    }
    return bytes
  }
}
