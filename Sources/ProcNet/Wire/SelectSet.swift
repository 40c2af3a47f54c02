/// The bit sets (`fd_set`) that select and pselect wait for, as they lie in a process's memory.
enum SelectSet {
  /// Whole 64 bit words, as the kernel reads them.
  static func byteCount(below limit: Int) -> Int { (limit + 63) / 64 * 8 }

  /// Descriptors in any of the sets, ascending; bits from `limit` on are not looked at. A set that
  /// is nil was not given, one that is too short has nothing beyond its end.
  static func decode(
    below limit: Int, reading: [UInt8]?, writing: [UInt8]?, exceptions: [UInt8]?
  ) -> [AwaitedDescriptor] {
    (0..<max(limit, 0)).compactMap { number in
      let reads = holds(reading, number) || holds(exceptions, number)
      let writes = holds(writing, number)
      guard reads || writes, let descriptor = Int32(exactly: number) else { return nil }
      return AwaitedDescriptor(number: descriptor, forReading: reads, forWriting: writes)
    }
  }

  private static func holds(_ set: [UInt8]?, _ number: Int) -> Bool {
    guard let set, number / 8 < set.count else { return false }
    return set[number / 8] & 1 << UInt8(number % 8) != 0
  }
}
