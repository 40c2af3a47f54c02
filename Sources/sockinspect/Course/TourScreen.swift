import Glibc
import ProcNet

/// How a tour looks: paragraphs in the width of the terminal, commands that stand out.
final class TourScreen {
  private let output = OutputFile.standardOutput
  var isTerminal: Bool { output.isTerminal }
  private var rows = ScreenRows()
  private let isColoured = ColourChoice.auto.isOn
  /// Text is easier to read in lines that are not too long.
  private let width = min(OutputFile.standardOutput.width ?? 80, 80) - 1

  func title(_ lesson: Lesson, place: String) throws(TourError) {
    try write(bold("\(lesson.name): \(lesson.title)") + "   \(place)\n\n")
    try paragraph(lesson.teaches)
  }

  /// A paragraph whose kind is said by its first word, if it is of a kind.
  func paragraph(_ text: String, headed heading: String? = nil) throws(TourError) {
    try write(wrapped(text, after: heading) + "\n")
  }

  /// A command line as it was typed.
  func command(_ command: String) throws(TourError) {
    let lines = ShellLine(command).lines(width: width)
    try write(bold("$ " + lines.joined(separator: "\n")) + "\n")
  }

  /// What a command has said.
  func said(_ text: String) throws(TourError) {
    try write(text)
    if !text.isEmpty, !text.hasSuffix("\n") { try line() }
  }

  func line(_ text: String = "") throws(TourError) { try write(text + "\n") }

  /// Takes note of what a command has written itself, by and large this.
  func wasWritten(_ text: String) { rows.fill(rows.count(text)) }

  private func write(_ text: String) throws(TourError) {
    try put(text)
    rows.fill(text.count(where: \.isNewline))
  }

  private func put(_ text: String) throws(TourError) {
    do { try output.write(text) } catch { throw .failed(error) }
  }

  func prompt(_ text: String) throws(TourError) { try put(text) }

  /// Takes the prompt away once it has been answered; at a terminal Enter has moved to the line
  /// below it.
  func clearPrompt() throws(TourError) {
    rows.clear()
    let rest = output.isTerminal ? "" : "\n"
    try put(isColoured ? "\u{1b}[A\r\u{1b}[2K" : rest)
  }

  // MARK: Room

  /// Whether all since the last prompt stays in sight when `count` rows more come.
  func hasRoom(for count: Int) -> Bool { rows.haveRoom(for: count) }

  func rowsOfParagraph(_ text: String, headed heading: String? = nil) -> Int {
    wrapped(text, after: heading).count(where: \.isNewline) + 1
  }

  /// The output of a command as it will be on this screen: what wraps prose to the terminal has
  /// written longer lines when it was tried. Amply, for lines may be indented.
  func fitted(_ output: String, from command: String) -> String {
    guard command.hasPrefix("sockinspect diagnose") else { return output }
    return output.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .map { WrappedText.lines(String($0), width: width - 10).joined(separator: "\n") }
      .joined(separator: "\n")
  }

  /// A command with its output and the empty line behind it.
  func rowsOfCommand(_ command: String, output: String) -> Int {
    ShellLine(command).lines(width: width).count + rows.count(output) + 1
  }

  /// Lines of words, none wider than the screen unless a word is.
  private func wrapped(_ text: String, after heading: String? = nil) -> String {
    var lines = ""
    var column = 0
    if let heading {
      lines = bold(heading)
      column = heading.count
    }
    for word in Prose(text).words {
      let length = word.reduce(0) { $0 + (isColoured ? $1.text : $1.shown).count }
      if column > 0, column + 1 + length > width {
        lines += "\n"
        column = 0
      } else if column > 0 {
        lines += " "
        column += 1
      }
      lines += word.map { $0.kind == .plain ? $0.text : emphasized($0) }.joined()
      column += length
    }
    return lines + "\n"
  }

  private func emphasized(_ piece: Prose.Piece) -> String {
    isColoured ? "\u{1b}[1m\(piece.text)\u{1b}[0m" : piece.shown
  }

  private func bold(_ text: String) -> String {
    isColoured ? "\u{1b}[1m\(text)\u{1b}[0m" : text
  }
}

extension Prose.Piece {
  /// As it looks where there is nothing but plain text.
  fileprivate var shown: String {
    switch kind {
    case .plain, .term: text
    case .literal: "'\(text)'"
    }
  }
}

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

  /// Whether this number more leaves a row for the prompt, and all that is there in sight. On an
  /// empty screen there is room for anything: waiting would not help.
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
