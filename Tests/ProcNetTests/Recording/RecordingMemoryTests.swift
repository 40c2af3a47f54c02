import Foundation
import ProcNet
import TestSupport
import Testing

/// How much memory a long answer takes; alone, because the process's memory is what is measured.
@Suite(.serialized) struct RecordingMemoryTests {
  /// A kernel whose only file is as long as one likes and takes no memory.
  struct LongKernel: Kernel {
    let pieces: Int

    func read(
      _ path: String, _ piece: (Span<UInt8>) throws(KernelError) -> Void
    ) throws(KernelError) {
      let bytes = [UInt8](repeating: 7, count: 64 * 1024)
      for _ in 0..<pieces { try piece(bytes.span) }
    }

    func entries(of folder: String) throws(KernelError) -> [FolderEntry] { [] }
    func link(at path: String) throws(KernelError) -> [UInt8] { [] }
    func identity(of path: String) throws(KernelError) -> FileIdentity {
      FileIdentity(device: 0, inode: 0, size: 0)
    }
    func walkDescriptors(
      ofProcess process: Int32, _ visit: (Int32, Span<UInt8>) -> Void
    ) throws(KernelError) {}

    /// The file's bytes again, as datagrams.
    func ask(
      _ request: NetlinkRequest, _ datagram: (Span<UInt8>) throws(KernelError) -> AnswerProgress
    ) throws(KernelError) {
      let bytes = [UInt8](repeating: 7, count: 256 * 1024)
      for _ in 0..<pieces / 4 { _ = try datagram(bytes.span) }
      _ = try datagram(FakeDatagram.done().span)
    }
  }

  /// A number of bytes in `/proc/self/status`.
  static func memory(_ field: String) throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(field) })
    return try #require(Int(line.split(separator: " ").dropLast().last ?? "")) * 1024
  }

  static let limit = 64 << 20

  /// How far the process's memory grows beyond what it has now while something is done. Other
  /// tests run beside this one and may be what grew, so a second and a third try may do better.
  static func growth(_ work: () throws -> Void) throws -> Int {
    var least = Int.max
    for _ in 0..<3 where least >= limit { least = min(least, try growthOnce(work)) }
    return least
  }

  private static func growthOnce(_ work: () throws -> Void) throws -> Int {
    // 5 sets the peak (VmHWM) back to what is resident now; since Linux 4.0.
    try "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
    let before = try memory("VmRSS")
    try work()
    return try memory("VmHWM") - before
  }

  @Test("an answer of 100 MB is written and read in the memory of a few frames")
  func constantMemory() throws {
    let folder = try TemporaryFolder()
    let kernel = LongKernel(pieces: 1600)
    let dump = Question.dump(family: 2, protocolNumber: 6, namespace: nil)
    let writing = try Self.growth {
      let writer = try RecordingWriter(
        to: folder.file("a"), header: .now(through: kernel, program: "1"))
      let recording = RecordingKernel(kernel, into: writer)
      try recording.read("/long") { (_) throws(KernelError) in }
      try recording.ask(dump.request()) { (datagram) throws(KernelError) in
        datagram.count < 100 ? .complete : .more
      }
      try writer.finish()
    }
    var length = 0
    let reading = try Self.growth {
      length = 0
      let replay = try RecordedKernel(path: folder.file("a"))
      try replay.read("/long") { (piece) throws(KernelError) in length += piece.count }
      try replay.ask(dump.request()) { (datagram) throws(KernelError) in
        length += datagram.count
        return datagram.count < 100 ? .complete : .more
      }
    }
    #expect(length == 2 * 1600 * 64 * 1024 + FakeDatagram.done().count)
    // The two answers are 100 MiB each.
    #expect(writing < Self.limit, "grew by \(writing) bytes")
    #expect(reading < Self.limit, "grew by \(reading) bytes")
  }
}
