import ProcNet

/// Finds the word that was probably meant.
enum NearestWord {
  /// The candidate that is the fewest slips away (a letter more, less, changed, or two swapped),
  /// or that begins with the word; nil when none is near.
  static func to(_ word: String, among candidates: [String]) -> String? {
    let typed = Array(word.lowercased().utf8)
    guard !typed.isEmpty, typed.count <= 40 else { return nil }
    let bound = typed.count < 4 ? 1 : 2
    var best: (word: String, slips: Int)?
    for candidate in candidates {
      let slips = slips(typed, Array(candidate.utf8))
      if slips <= bound, slips < best?.slips ?? .max { best = (candidate, slips) }
    }
    if let best { return best.word }
    return typed.count < 3 ? nil : candidates.first { $0.hasPrefix(word.lowercased()) }
  }

  /// Edit distance with swaps of neighbours.
  private static func slips(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var before: [Int] = []
    var last = Array(0...right.count)
    for row in left.indices {
      var line = [row + 1]
      for column in right.indices {
        let change = last[column] + (left[row] == right[column] ? 0 : 1)
        var cheapest = min(change, last[column + 1] + 1, line[column] + 1)
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          cheapest = min(cheapest, before[column - 1] + 1)
        }
        line.append(cheapest)
      }
      (before, last) = (last, line)
    }
    return last[right.count]
  }
}

/// Makes what was typed fit for a line on a terminal.
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

  /// A sentence that may quote the text; cut when very long words were typed.
  static func line(_ text: String, longest: Int = 400) -> String {
    let scalars = text.unicodeScalars
    let shown = scalars.prefix(longest).map { scalar in
      RawText.byte(of: scalar).map { SafeText.string([$0]) } ?? String(character(scalar))
    }.joined()
    return scalars.count > longest ? shown + "…" : shown
  }
}
