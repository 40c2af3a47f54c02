import Foundation
import TestSupport
import Testing

@testable import ProcNet

/// Recordings of several moments.
@Suite struct RecordingSampleTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// `/a` changes, `/etc/passwd` is asked once, `/proc/7/stat` only at first.
  private func made() throws -> RecordedKernel {
    let writer = try RecordingWriter(
      to: folder.file("a"),
      header: RecordingHeader(time: 1000, host: [], kernelRelease: [], program: "1"))
    let first = FakeKernel().file("/proc/a", "1").file("/etc/passwd", "root")
      .file("/proc/7/stat", "7").file("/proc/sys/x", "5").memory(7, at: 9, [1])
    let then = RecordingKernel(first, into: writer)
    for path in ["/proc/a", "/etc/passwd", "/proc/7/stat", "/proc/sys/x"] {
      _ = Question.file(path).put(to: then)
    }
    _ = Question.memory(process: 7, address: 9, count: 1).put(to: then)
    try writer.beginSample(at: 2000)
    let later = RecordingKernel(FakeKernel().file("/proc/a", "2"), into: writer)
    _ = Question.file("/proc/a").put(to: later)
    try writer.finish()
    return try RecordedKernel(path: folder.file("a"))
  }

  @Test("each sample answers for its own moment, and a reader starts at the first")
  func moments() throws {
    let recording = try made()
    #expect(recording.samples == 2 && recording.time == 1000)
    #expect(try recording.contents(of: "/proc/a") == Array("1".utf8))
    let second = try #require(recording.sample(1))
    #expect(second.time == 2000 && second.header == recording.header)
    #expect(try second.contents(of: "/proc/a") == Array("2".utf8))
    #expect(recording.sample(2) == nil && recording.sample(-1) == nil)
    #expect(try second.sample(0)?.contents(of: "/proc/a") == Array("1".utf8))
  }

  @Test("what was asked once is in every sample, but no process lives on")
  func once() throws {
    let second = try #require(try made().sample(1))
    #expect(try second.contents(of: "/etc/passwd") == Array("root".utf8))
    #expect(try second.contents(of: "/proc/sys/x") == Array("5".utf8))
    let changing: [Question] = [
      .file("/proc/7/stat"), .memory(process: 7, address: 9, count: 1), .descriptors(7),
    ]
    for question in changing {
      guard case .failure(let error) = question.put(to: second) else {
        Issue.record("\(question) was answered")
        continue
      }
      #expect(error.isNotRecorded)
    }
  }

  @Test("a moment without a time is damage; an answer belongs to where it was opened")
  func strange() throws {
    var frames = RecordingBytes()
    frames.header()
    frames.frame(2, number(1) + [1, 2, 0, 47, 97])
    frames.frame(6, number(5))
    frames.frame(3, number(1) + [120])
    frames.frame(4, number(1) + [0])
    frames.end()
    let recording = try RecordedKernel(path: try folder.write(frames.bytes))
    #expect(recording.samples == 2)
    #expect(try recording.contents(of: "/a") == [120])
    var short = RecordingBytes()
    short.header()
    short.frame(6, [1, 2])
    short.end()
    let path = try folder.write(short.bytes, to: "short")
    let error = #expect(throws: KernelError.self) { try RecordedKernel(path: path) }
    #expect(error?.reason.contains("a moment has no time") == true)
  }

  @Test("a host at three moments: everything that changes is asked for at each")
  func host() throws {
    let host = HostRecorderTests.smallHost().file("/proc/7/stat", "7 (x) S\n")
    let writer = try RecordingWriter(
      to: folder.file("b"), header: .now(through: host, program: "1"))
    let gaps = try HostRecorder.record(through: host, into: writer, samples: 3, every: 0)
    try writer.finish()
    let recording = try RecordedKernel(path: folder.file("b"))
    #expect(recording.samples == 3 && gaps == [])
    for number in 0..<3 {
      let sample = try #require(recording.sample(number))
      #expect(try sample.contents(of: "/proc/7/stat") == Array("7 (x) S\n".utf8))
      #expect(try sample.entries(of: "/cg/system.slice").count == 1)
      let dump = Question.dump(family: 2, protocolNumber: 6, namespace: nil)
      #expect(dump.put(to: sample) == .datagrams([FakeDatagram.done()]))
    }
  }

  @Test("a process that has ended by the second moment is asked for, and gone")
  func ended() throws {
    let living = HostRecorderTests.smallHost().file("/proc/7/stat", "7 (x) S\n")
    let host = FaultyKernel(
      living,
      [
        Fault(.read, "/proc/7/stat", .shortPieces(99), times: 1),
        Fault(.read, "/proc/7/stat", .fails(ESRCH)),
      ])
    let writer = try RecordingWriter(
      to: folder.file("c"), header: .now(through: host, program: "1"))
    _ = try HostRecorder.record(through: host, into: writer, samples: 2, every: 0)
    try writer.finish()
    let second = try #require(try RecordedKernel(path: folder.file("c")).sample(1))
    let error = #expect(throws: KernelError.self) { try second.contents(of: "/proc/7/stat") }
    #expect(error?.isGone == true)
  }
}
