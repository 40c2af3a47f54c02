import Glibc

/// Where the reader says that he has seen enough of a screen.
struct Keyboard {
  /// Waits for a line. `q` and end of input end the tour.
  func waitForEnter() throws(TourEnded) {
    var line: [UInt8] = []
    while true {
      let byte = try nextByte()
      if byte != UInt8(ascii: "\n") {
        line.append(byte)
      } else {
        if line.first == UInt8(ascii: "q") || line.first == UInt8(ascii: "Q") { throw TourEnded() }
        return
      }
    }
  }

  private func nextByte() throws(TourEnded) -> UInt8 {
    var input = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    repeat { try EndingSignals.check() } while unsafe poll(&input, 1, 50) <= 0
    var byte: UInt8 = 0
    guard unsafe read(0, &byte, 1) == 1 else { throw TourEnded() }
    return byte
  }
}
