/// Which part of a list that is longer than the screen is seen.
struct Scroll: Equatable {
  private(set) var top = 0

  /// Moves no further than the list goes.
  mutating func move(by lines: Int, count: Int, page: Int) {
    top = max(0, min(top + lines, count - max(page, 1)))
  }

  /// Moves as little as it takes to see a line.
  mutating func show(_ line: Int, count: Int, page: Int) {
    let page = max(page, 1)
    if line < top { top = line }
    if line >= top + page { top = line - page + 1 }
    move(by: 0, count: count, page: page)
  }

  /// The lines that are seen.
  func range(count: Int, page: Int) -> Range<Int> {
    let start = min(top, max(count, 0))
    return start..<max(start, min(count, start + max(page, 0)))
  }

  /// How far a key moves; nil for keys that do not.
  static func step(_ key: Key, count: Int, page: Int) -> Int? {
    switch key {
    case .up, .character("k"): -1
    case .down, .character("j"): 1
    case .pageUp, .control("b"): -max(page - 1, 1)
    case .pageDown, .control("f"), .character(" "): max(page - 1, 1)
    case .home, .character("g"): -count
    case .end, .character("G"): count
    default: nil
    }
  }
}
