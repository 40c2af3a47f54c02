/// The layout of a recording: one file that holds what the kernel of some host answered.
///
/// A recording is written front to back, so it can go down a pipe, and neither writing nor
/// reading it needs memory that grows with an answer. All numbers are little-endian. `text` is
/// a u16 length and that many bytes of any value.
///
///     recording = line frame… end
///     line      = "sockinspect recording MAJOR.MINOR\n"
///     frame     = length u32, kind u8, body, checksum u32
///
/// Format 2 is packed: what follows the line is cut into blocks of at most 4 MiB.
///
///     block     = count u32, packed count u32, checksum u32, packed bytes
///
/// The checksum is that of the packed bytes, whose form `RecordingPacking` describes; `count` is
/// how many bytes they become. Frames in blocks have no checksum of their own: of thousands of
/// small ones it would be most of what is left.
///
/// `length` counts the kind and the body, 1 to 1,048,576. The checksum is CRC-32 (IEEE 802.3) of
/// length, kind and body, so a flipped bit anywhere in a frame shows.
///
///     kind 1  header    time u64 (ms since 1970), host text, kernel release text, program text,
///                       architecture text (since 1.1; empty when not known), user u32 and
///                       purpose u8 (since 1.2); purpose 1, a diagnosis: interval u32 (ms),
///                       words u16, that many text
///     kind 2  question  answer u64, operation u8, key
///     kind 3  piece     answer u64, bytes
///     kind 4  outcome   answer u64, code u8, details
///     kind 5  end       number of frames before this one u64
///     kind 6  moment    time u64 (ms since 1970): what is asked from here on is asked again, for
///                       another sample (since 1.1)
///
/// The header is the first frame and the end the last; a file without an end was cut off. A
/// question opens an answer under a number of its own, pieces follow in order, and the outcome
/// closes it. Answers may interleave, because several threads ask at the same time.
///
///     operation 1 file          path text       pieces: the contents
///     operation 2 folder        path text       pieces: { inode u64, folder u8, name text }…
///     operation 3 link          path text       pieces: the target
///     operation 4 identity      path text       one piece: device u64, inode u64, size i64
///     operation 5 descriptors   process i32     pieces: { descriptor i32, link text }…
///     operation 6 netlink       subsystem u8, flags u8, type u16, family u8, protocol u8,
///                               namespace path text
///                                               each piece: one datagram as received
///     operation 7 memory        process i32, address u64, count u32 (since 1.1)
///                                               pieces: the bytes, maybe fewer than count
///     operation 8 setting       path text, namespace path text (since 1.1)
///                                               pieces: the contents as seen in the namespace
///     operation 9 request       subsystem u8, flags u8, namespace path text, message text (since
///                               1.2; sequence number and port id zero)
///                                               each piece: one datagram as received
///     operation 10 clock        (since 1.2)     one piece: CLOCK_MONOTONIC u64 (ms)
///
/// netlink flags: 1 = a dump was asked for, 2 = the request went to the namespace of that path.
///
///     code 0  complete
///     code 1  a system call failed   errno i32, attempt text, subject text
///     code 2  malformed              what text, attempt text, subject text
///     code 3  interrupted            attempt text, subject text
///     code 4  given up: whoever asked stopped reading, the answer counts as not recorded
///
/// Which of several answers to the same question counts: the first of its sample that was not
/// given up. Who repeats a diagnosis takes them in order, given up or not. A reader that knows no
/// moments sees the first sample and nothing that changed.
///
/// A reader skips kinds, operations and codes that it does not know and bytes at the end of a
/// body that it knows; whatever a reader must not skip raises MAJOR. Error numbers are those of
/// the architectures that share the kernel's generic numbering (x86, Arm, RISC-V, s390, LoongArch).
enum RecordingFormat {
  static let magic = Array("sockinspect recording ".utf8)
  static let minor: UInt32 = 2
  static let majors: ClosedRange<UInt32> = 1...2
  /// The version line is never longer than this.
  static let longestLine = 48
  /// Most bytes of kind and body together.
  static let longestFrame = 1 << 20
  /// Bytes of a frame before its body, and after it.
  static let headLength = 5
  static let checksumLength = 4
  /// Most bytes of a file that go into one piece.
  static let longestPiece = 256 * 1024

  /// How a packed recording begins.
  static let packedMagic = magic + Array("2.".utf8)
  /// Bytes of a block before its packed bytes.
  static let blockHeadLength = 12

  static func line(isPacked: Bool) -> [UInt8] {
    magic + Array("\(isPacked ? 2 : 1).\(minor)\n".utf8)
  }

  enum Kind: UInt8 {
    case header = 1
    case question, piece, outcome, end, moment
  }
}

/// Where and when a recording was made.
public struct RecordingHeader: Sendable, Hashable {
  /// Milliseconds since 1970 when the recording began.
  public var time: UInt64
  /// The host's name; any bytes, since it comes from a file.
  public var host: [UInt8]
  /// `uname -r` of the host.
  public var kernelRelease: [UInt8]
  /// Version of the program that recorded.
  public var program: String
  /// The host's architecture (since format 1.1); before that what its kernel's release tells.
  public var architecture: Architecture?
  /// Effective user id of the program that recorded (since format 1.2).
  public var user: UInt32?
  /// The diagnosis that was recorded; nil when it was the whole host (since format 1.2).
  public var diagnosis: RecordedDiagnosis?

  /// A header of a whole host; user and diagnosis are set apart.
  public init(
    time: UInt64, host: [UInt8], kernelRelease: [UInt8], program: String,
    architecture: Architecture? = nil
  ) {
    self.time = time
    self.host = host
    self.kernelRelease = kernelRelease
    self.program = program
    self.architecture = architecture
  }

  /// The header of a recording that begins now, of the host behind a kernel. What cannot be
  /// read stays empty.
  public static func now(through kernel: any Kernel, program: String) -> RecordingHeader {
    var header = RecordingHeader(
      time: CurrentProcess.now, host: line("/proc/sys/kernel/hostname", kernel),
      kernelRelease: line("/proc/sys/kernel/osrelease", kernel), program: program,
      architecture: kernel.architecture)
    header.user = CurrentProcess.user
    return header
  }

  private static func line(_ path: String, _ kernel: any Kernel) -> [UInt8] {
    let text = (try? kernel.contents(of: path)) ?? []
    return Array(text.prefix { $0 != 10 })
  }

  var body: [UInt8] {
    var body: [UInt8] = []
    body.appendRecorded(time)
    body.appendRecordedText(host)
    body.appendRecordedText(kernelRelease)
    body.appendRecordedText(program)
    body.appendRecordedText(architecture?.rawValue ?? "")
    guard let user else { return body }
    body.appendRecorded(user)
    body.append(diagnosis == nil ? 0 : 1)
    diagnosis?.append(to: &body)
    return body
  }

  init?(body: Span<UInt8>) {
    var cursor = RecordingCursor(body)
    guard let time = cursor.number(UInt64.self), let host = cursor.copiedText(),
      let kernelRelease = cursor.copiedText(), let program = cursor.string()
    else { return nil }
    let machine = cursor.copiedText() ?? []
    self.init(
      time: time, host: host, kernelRelease: kernelRelease, program: program,
      architecture: Architecture(machine: machine) ?? Architecture(kernelRelease: kernelRelease))
    user = cursor.number(UInt32.self)
    if cursor.number(UInt8.self) == 1 { diagnosis = RecordedDiagnosis(&cursor) }
  }
}

/// How the diagnosis was asked for that a recording holds.
public struct RecordedDiagnosis: Sendable, Hashable {
  /// Milliseconds between two samples.
  public var interval: UInt32
  /// The command line behind `diagnose`, word by word.
  public var words: [[UInt8]]

  /// How `diagnose` was called.
  public init(interval: UInt32, words: [[UInt8]]) {
    self.interval = interval
    self.words = words
  }

  /// nil when the header ends early.
  init?(_ cursor: inout RecordingCursor) {
    guard let interval = cursor.number(UInt32.self), let count = cursor.number(UInt16.self) else {
      return nil
    }
    self.init(interval: interval, words: [])
    for _ in 0..<count {
      guard let word = cursor.copiedText() else { return nil }
      words.append(word)
    }
  }

  func append(to body: inout [UInt8]) {
    let kept = words.prefix(Int(UInt16.max))
    body.appendRecorded(interval)
    body.appendRecorded(UInt16(kept.count))
    for word in kept { body.appendRecordedText(word) }
  }
}

/// How an answer in a recording ended.
enum RecordingOutcome: Equatable {
  case complete
  case failed(KernelError)
  /// Whoever asked stopped reading: what was kept is only a part.
  case givenUp

  /// The outcome of a question that was asked through a kernel and failed.
  init(failure: KernelError) {
    let isGivenUp = failure.cause == .notRecorded || failure.cause == .enough
    self = isGivenUp ? .givenUp : .failed(failure)
  }

  /// The body of an outcome frame after the answer's number.
  var body: [UInt8] {
    guard case .failed(let error) = self else { return [self == .complete ? 0 : 4] }
    var body: [UInt8] = []
    switch error.cause {
    case .system(let number):
      body.append(1)
      body.appendRecorded(number)
    case .malformed(let what):
      body.append(2)
      body.appendRecordedText(what)
    case .interrupted: body.append(3)
    case .notRecorded, .notMounted, .enough: body.append(4)
    }
    body.appendRecordedText(error.attempt)
    body.appendRecordedText(error.subject)
    return body
  }

  /// nil when the body is too short for its code.
  init?(_ cursor: inout RecordingCursor) {
    guard let code = cursor.number(UInt8.self) else { return nil }
    let cause: KernelError.Cause?
    switch code {
    case 0:
      self = .complete
      return
    case 1: cause = cursor.number(Int32.self).map { .system($0) }
    case 2: cause = cursor.string().map { .malformed($0) }
    case 3: cause = .interrupted
    default:
      self = .givenUp
      return
    }
    guard let cause, let attempt = cursor.string(), let subject = cursor.string() else {
      return nil
    }
    self = .failed(KernelError(attempt, subject, cause))
  }
}

/// Reads the body of a frame piece by piece; nil as soon as the body is too short.
struct RecordingCursor: ~Escapable {
  private let bytes: Span<UInt8>
  private var position = 0

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func number<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) -> Number? {
    let width = Number.bitWidth / 8
    guard bytes.count - position >= width else { return nil }
    var value: UInt64 = 0
    for index in 0..<width { value |= UInt64(bytes[position + index]) << UInt64(8 * index) }
    position += width
    return Number(truncatingIfNeeded: value)
  }

  /// The position of a text's bytes, which `slice` gives.
  mutating func text() -> Range<Int>? {
    guard let length = number(UInt16.self), bytes.count - position >= Int(length) else {
      return nil
    }
    position += Int(length)
    return position - Int(length)..<position
  }

  @_lifetime(copy self)
  func slice(_ range: Range<Int>) -> Span<UInt8> { bytes.extracting(range) }

  mutating func copiedText() -> [UInt8]? {
    guard let range = text() else { return nil }
    return bytes.extracting(range).copied()
  }

  mutating func string() -> String? {
    copiedText().map { String(decoding: $0, as: UTF8.self) }
  }

  /// What has not been read yet.
  var rest: Span<UInt8> {
    @_lifetime(copy self)
    get { bytes.extracting(position..<bytes.count) }
  }
}

/// The writing counterpart: appends the same shapes.
extension [UInt8] {
  mutating func appendRecorded<Number: FixedWidthInteger>(_ number: Number) {
    for shift in stride(from: 0, to: Number.bitWidth, by: 8) {
      append(UInt8(truncatingIfNeeded: number >> Number(shift)))
    }
  }

  /// A text longer than its length field can say loses its end.
  mutating func appendRecordedText(_ text: [UInt8]) {
    let kept = text.prefix(Int(UInt16.max))
    appendRecorded(UInt16(kept.count))
    append(contentsOf: kept)
  }

  mutating func appendRecordedText(_ text: String) {
    appendRecordedText(Array(text.utf8))
  }
}

extension FolderEntry {
  init?(_ cursor: inout RecordingCursor) {
    guard let inode = cursor.number(UInt64.self), let isFolder = cursor.number(UInt8.self),
      let name = cursor.string()
    else { return nil }
    self.init(name: name, inode: inode, isFolder: isFolder != 0)
  }
}

extension FileIdentity {
  init?(_ cursor: inout RecordingCursor) {
    guard let device = cursor.number(UInt64.self), let inode = cursor.number(UInt64.self),
      let size = cursor.number(Int64.self)
    else { return nil }
    self.init(device: device, inode: inode, size: size)
  }
}
