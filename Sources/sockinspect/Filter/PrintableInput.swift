import ProcNet

/// Makes what somebody typed fit for a line on a terminal.
enum PrintableInput {
  /// One column for each character, and nothing that a terminal would act upon.
  static func character(_ scalar: Unicode.Scalar) -> Character {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator, .unassigned,
      .privateUse, .nonspacingMark, .enclosingMark:
      "?"
    default: Character(scalar)
    }
  }

  /// A sentence that may quote the text; cut when somebody typed very long words.
  static func line(_ text: String, longest: Int = 400) -> String {
    let scalars = text.unicodeScalars
    let shown = scalars.prefix(longest).map { scalar in
      RawText.byte(of: scalar).map { SafeText.string([$0]) } ?? String(character(scalar))
    }.joined()
    return scalars.count > longest ? shown + "…" : shown
  }
}
