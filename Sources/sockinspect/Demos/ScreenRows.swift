import Glibc

/// The rows of a terminal that are filled since the reader last said that he has seen them.
struct ScreenRows {
  private let columns: Int
  /// Nil when what we write goes nowhere that it could be scrolled away from.
  private let height: Int?
  private var used = 0

  /// The terminal that standard output is, if it is one.
  init() {
    var size = winsize()
    let isTerminal = unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0
    self.init(
      columns: isTerminal ? Int(size.ws_col) : 0, height: isTerminal ? Int(size.ws_row) : 0)
  }

  /// A size of 0 is one that is not known.
  init(columns: Int, height: Int) {
    self.columns = columns > 0 ? columns : 80
    self.height = height > 0 ? height : nil
  }

  /// Whether so many more leave a row for the prompt, and all that is there in sight. On an empty
  /// screen there is room for anything: waiting would not help.
  func haveRoom(for rows: Int) -> Bool {
    guard let height, used > 0 else { return true }
    return used + rows < height
  }

  /// How many rows plain text takes, long lines folded.
  func count(_ text: String) -> Int {
    text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).dropLast()
      .reduce(0) { $0 + max(1, ($1.count + columns - 1) / columns) }
  }

  mutating func fill(_ rows: Int) { used += rows }

  mutating func clear() { used = 0 }
}
