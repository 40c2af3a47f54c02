/// The array of `struct pollfd` that poll and ppoll wait for, as it lies in a process's memory.
///
/// Each entry has a descriptor (i32), the events asked for and those that came (u16 each). An
/// entry with a negative descriptor is one that the program has switched off.
enum PollSet {
  static let entryLength = 8

  /// `POLLIN`, `POLLPRI`, `POLLRDNORM`, `POLLRDBAND`, `POLLRDHUP`.
  private static let reading: UInt16 = 0x0001 | 0x0002 | 0x0040 | 0x0080 | 0x2000
  /// `POLLOUT`, `POLLWRNORM`, `POLLWRBAND`.
  private static let writing: UInt16 = 0x0004 | 0x0100 | 0x0200

  /// A part of an entry at the end is left out.
  static func decode(_ memory: Span<UInt8>) -> [AwaitedDescriptor] {
    var found: [AwaitedDescriptor] = []
    var start = 0
    while memory.count - start >= entryLength {
      let number = Int32(bitPattern: memory.number32(at: start))
      let events = memory.number16(at: start + 4)
      if number >= 0 {
        found.append(
          AwaitedDescriptor(
            number: number, forReading: events & reading != 0,
            forWriting: events & writing != 0))
      }
      start += entryLength
    }
    return found
  }
}
