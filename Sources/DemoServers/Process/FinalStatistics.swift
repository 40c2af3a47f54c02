import Glibc

/// The last line of an event loop, written without taking memory: a signal handler writes it.
enum FinalStatistics {
  /// `memory: 640 bytes a connection at 10000 connections`.
  static func write(bytes: Int, connections: Int) {
    put("memory: ")
    put(bytes)
    put(" bytes a connection in this process, at ")
    put(connections)
    put(" connections\n")
  }

  private static func put(_ text: StaticString) {
    _ = unsafe Glibc.write(1, text.utf8Start, text.utf8CodeUnitCount)
  }

  private static func put(_ number: Int) {
    unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var rest = UInt(max(number, 0))
      var start = 20
      repeat {
        start -= 1
        unsafe digits[start] = UInt8(ascii: "0") + UInt8(rest % 10)
        rest /= 10
      } while rest > 0
      _ = unsafe Glibc.write(1, digits.baseAddress?.advanced(by: start), 20 - start)
    }
  }
}
