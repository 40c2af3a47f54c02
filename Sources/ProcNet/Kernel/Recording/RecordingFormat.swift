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
