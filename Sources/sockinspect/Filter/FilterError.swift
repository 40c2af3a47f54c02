import ProcNet

/// What is wrong with a filter, and where: one wrong word of the text as it was typed.
struct FilterError: Error, Sendable, Equatable {
  /// One line without a full stop, the nearest right word included.
  var message: String
  /// The arguments joined by blanks.
  var text: String
  /// Where the wrong word begins, in characters (Unicode scalars) of the text.
  var position: Int
  /// How long it is; 1 past the end of the text.
  var length: Int
  /// The word that was probably meant.
  var suggestion: String?
  /// Why something could not be looked up: then nothing is wrong with the words.
  var cause: KernelError?

  init(
    _ complaint: String, text: String, at range: Range<Int>, suggestion: String? = nil
  ) {
    let whole = suggestion.map { "\(complaint); did you mean '\($0)'?" } ?? complaint
    message = PrintableInput.line(whole)
    self.text = text
    position = range.lowerBound
    length = max(range.count, 1)
    self.suggestion = suggestion
  }

  /// The message, the text and a caret under the wrong word: three lines.
  var report: String {
    let scalars = Array(text.unicodeScalars)
    let start = max(0, min(position, scalars.count) - Self.before)
    let end = min(scalars.count, position + Self.after)
    let lead = start > 0 ? "…" : ""
    let tail = end < scalars.count ? "…" : ""
    let shown = start < end ? String(scalars[start..<end].map(PrintableInput.character)) : ""
    let blanks = String(repeating: " ", count: position - start + lead.count)
    let marks = String(repeating: "~", count: max(0, min(length, Self.after) - 1))
    return "\(message)\n  \(lead)\(shown)\(tail)\n  \(blanks)^\(marks)"
  }

  /// How much of a long text is shown on either side of the fault.
  private static let before = 40
  private static let after = 40
}
