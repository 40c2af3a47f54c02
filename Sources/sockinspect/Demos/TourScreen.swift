import ProcNet

/// How a tour looks: paragraphs in the width of the terminal, commands that stand out.
struct TourScreen {
  private let output = OutputFile.standardOutput
  private let isColoured = ColourChoice.auto.isOn
  /// Text is easier to read in lines that are not too long.
  private let width = min(OutputFile.standardOutput.width ?? 80, 80) - 1

  func title(_ lesson: Lesson, place: String) throws(KernelError) {
    try output.write(bold("\(lesson.name): \(lesson.title)") + "   \(place)\n\n")
    try paragraph(lesson.teaches)
  }

  func paragraph(_ text: String) throws(KernelError) {
    try output.write(wrapped(text) + "\n")
  }

  /// A paragraph whose kind is said by its first word.
  func paragraph(_ text: String, headed heading: String) throws(KernelError) {
    try output.write(wrapped(text, after: heading) + "\n")
  }

  /// A command line as it was typed.
  func command(_ command: String) throws(KernelError) {
    let lines = ShellLine(command).lines(width: width)
    try output.write(bold("$ " + lines.joined(separator: "\n")) + "\n")
  }

  /// What a command has said.
  func said(_ text: String) throws(KernelError) {
    try output.write(text)
    if !text.isEmpty, !text.hasSuffix("\n") { try line() }
  }

  func line(_ text: String = "") throws(KernelError) { try output.write(text + "\n") }

  func prompt(_ text: String) throws(KernelError) { try output.write(text) }

  /// Takes the prompt away once it has been answered; Enter has moved to the line below it.
  func clearPrompt() throws(KernelError) {
    try output.write(isColoured ? "\u{1b}[A\r\u{1b}[2K" : "\n")
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
  var shown: String {
    switch kind {
    case .plain, .term: text
    case .literal: "'\(text)'"
    }
  }
}
