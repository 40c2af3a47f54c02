// Options: -close_fd_mask=3 -max_len=512 -timeout=5 -rss_limit_mb=700
import Glibc
@testable import ProcNet
@testable import sockinspect

/// Whole commands on a recording from somebody else.
///
/// The input says which recording of Tests/Recordings is taken and what is changed in it: a byte
/// for the recording, then for each change a byte for its kind, two for the frame, two for the
/// place in it, and one for the value. Checksums and lengths are made anew, so that nothing is
/// refused before it is read.
func fuzz(_ input: Span<UInt8>) {
  var reader = InputReader(bytes: input.copied())
  let seeds = Seeds.all
  var frames = seeds[Int(reader.byte()) % seeds.count]
  while let kind = reader.next(), !frames.isEmpty {
    let frame = reader.pair() % frames.count
    Change(kind: kind, frame: frame, place: reader.pair(), value: reader.byte())
      .apply(to: &frames, &reader)
  }
  let file = UnnamedFile.shared
  file.write(Frame.recording(frames))
  for words in [
    ["list", "-tuwx0Mane", "-imop"], ["listen", "--waiting"], ["diagnose", "--all"],
    ["diagnose", "--json", ":8080"], ["counters", "--zero"], ["metrics"],
  ] { _ = Main.run(words + ["--from", file.path]) }
}

private struct InputReader {
  let bytes: [UInt8]
  var place = 0

  mutating func next() -> UInt8? {
    guard place < bytes.count else { return nil }
    place += 1
    return bytes[place - 1]
  }

  mutating func byte() -> UInt8 { next() ?? 0 }
  mutating func pair() -> Int { Int(byte()) | Int(byte()) << 8 }
}

private struct Frame {
  var kind: UInt8
  var body: [UInt8]

  /// What belongs to an answer begins with the answer's number.
  var start: Int { (2...4).contains(kind) ? min(8, body.count) : 0 }

  static func recording(_ frames: [Frame]) -> [UInt8] {
    var bytes = RecordingFormat.line(isPacked: false)
    var end: [UInt8] = []
    end.appendRecorded(UInt64(frames.count))
    for frame in frames + [Frame(kind: 5, body: end)] {
      var whole: [UInt8] = []
      whole.appendRecorded(UInt32(frame.body.count + 1))
      whole.append(frame.kind)
      whole += frame.body
      var checksum = RecordingChecksum()
      checksum.add(whole.span)
      whole.appendRecorded(checksum.value)
      bytes += whole
    }
    return bytes
  }
}

/// The frames of recordings of several kinds: healthy and not, by root and by others.
private enum Seeds {
  static let all = [
    "demo-serial-blocked", "demo-upstream-chain-user", "incident-overload-cpu",
    "incident-fuse-hang", "incident-pgbouncer-pool", "incident-port-taken", "incident-tty-xoff",
    "server-go-mutex-user", "server-chat-not-reading", "server-healthy-udp",
    "server-apache-prefork",
    "server-gevent-advisory-lock",
  ].map { frames("Tests/Recordings/\($0).recording") }

  private static func frames(_ path: String) -> [Frame] {
    guard let source = try? RecordingSource(path),
      let start = try? source.lineLength()
    else {
      require(false, "\(path) is not there")
      return []
    }
    var found: [Frame] = []
    var frames = RecordingFrames(source, from: start, bufferSize: 64 * 1024)
    while (try? frames.advance()) != nil, frames.kind != RecordingFormat.Kind.end.rawValue {
      found.append(Frame(kind: frames.kind, body: frames.body.copied()))
    }
    return found
  }
}

private struct Change {
  let kind: UInt8
  let frame: Int
  let place: Int
  let value: UInt8

  private static let numbers: [UInt64] = [
    0, 1, 2, 10, 255, 1 << 15, 0xFFFF, 0x7FFF_FFFF, 1 << 31, 0xFFFF_FFFF, 1 << 32, 1 << 53,
    1 << 62, .max >> 1, 1 << 63, .max, .max - 9, .max / 10, .max / 100, .max / 1000,
    .max / 20_000, .max / 1_000_000,
  ]

  private var number: UInt64 { Self.numbers[Int(value) % Self.numbers.count] }

  /// Also signs, and what does not fit 64 bits.
  private var digits: [UInt8] {
    let ending = value >= 240 ? "00000000000000000000" : ""
    return Array("\(value & 64 == 0 ? "" : "-")\(number)\(ending)".utf8)
  }

  func apply(to frames: inout [Frame], _ reader: inout InputReader) {
    let start = frames[frame].start
    let other = place % frames.count
    switch kind % 12 {
    case 0, 1: replaceNumber(in: &frames[frame])
    case 2: replaceAll(in: &frames)
    case 3: put(number, bytes: 8, in: &frames[frame])
    case 4: put(number, bytes: 4, in: &frames[frame])
    case 5: put(number, bytes: 2, in: &frames[frame])
    case 6: frames[frame].body.removeLast(min(place, frames[frame].body.count - start))
    case 7: frames.remove(at: frame)
    case 8:
      guard frames[frame].kind == frames[other].kind else { return }
      let body = frames[frame].body
      frames[frame].body.replaceSubrange(start..., with: frames[other].body.dropFirst(start))
      frames[other].body.replaceSubrange(start..., with: body.dropFirst(start))
    case 9:
      let body = frames[frame].body.dropFirst(start)
      guard body.count * Int(value) < 1 << 18 else { return }
      for _ in 0..<value { frames[frame].body += body }
    case 10: frames.append(frames.remove(at: frame))
    default:
      for index in 0..<Int(value % 16) where start + place + index < frames[frame].body.count {
        frames[frame].body[start + place + index] = reader.byte()
      }
    }
  }

  private func replaceNumber(in frame: inout Frame) {
    let numbers = Self.numbers(in: frame)
    guard !numbers.isEmpty else { return }
    frame.body.replaceSubrange(numbers[place % numbers.count], with: digits)
  }

  /// In all frames that begin in the same way: the same file of each thread and in each sample.
  private func replaceAll(in frames: inout [Frame]) {
    let count = Self.numbers(in: frames[frame]).count
    guard count > 0 else { return }
    for index in frames.indices where frames[index].kind == frames[frame].kind {
      if Self.numbers(in: frames[index]).count == count { replaceNumber(in: &frames[index]) }
    }
  }

  private static func numbers(in frame: Frame) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var index = frame.start
    while index < frame.body.count {
      let first = index
      while index < frame.body.count, (48...57).contains(frame.body[index]) { index += 1 }
      if index > first { found.append(first..<index) }
      index += 1
    }
    return found
  }

  private func put(_ number: UInt64, bytes count: Int, in frame: inout Frame) {
    let room = frame.body.count - frame.start - count
    guard room >= 0 else { return }
    let first = frame.start + place % (room + 1)
    for index in 0..<count {
      frame.body[first + index] = UInt8(truncatingIfNeeded: number >> UInt64(8 * index))
    }
  }
}
