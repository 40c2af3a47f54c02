/// The first line of a recording: what it is, and of which version.
enum RecordingLine {
  /// Checks the line and answers its length.
  static func length(in source: RecordingSource) throws(KernelError) -> Int {
    let buffer = ByteBuffer(capacity: RecordingFormat.longestLine)
    let count = try unsafe source.fill(buffer.memory, from: 0)
    let start = buffer.span(count).copied()
    guard start.starts(with: RecordingFormat.magic) else {
      throw refusal(of: start, source)
    }
    guard let end = start.firstIndex(of: 10) else {
      if count < RecordingFormat.longestLine { throw source.end(at: count) }
      throw source.refusal("this is not a sockinspect recording")
    }
    try checkVersion(start[RecordingFormat.magic.count..<end], source)
    return end + 1
  }

  private static func refusal(of start: [UInt8], _ source: RecordingSource) -> KernelError {
    if start.isEmpty { return source.refusal("the file is empty, not a sockinspect recording") }
    if RecordingFormat.magic.starts(with: start) { return source.end(at: start.count) }
    return source.refusal("this is not a sockinspect recording")
  }

  private static func checkVersion(
    _ text: ArraySlice<UInt8>, _ source: RecordingSource
  ) throws(KernelError) {
    let numbers = text.split(separator: 46, omittingEmptySubsequences: false).map(number)
    guard numbers.count == 2, let major = numbers[0], numbers[1] != nil else {
      throw source.refusal("this is not a sockinspect recording")
    }
    guard RecordingFormat.majors.contains(major) else {
      throw source.refusal(
        "the recording has format \(major), this program reads formats 1 and 2")
    }
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> UInt32? {
    guard digits.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
    return UInt32(String(decoding: digits, as: UTF8.self))
  }
}
