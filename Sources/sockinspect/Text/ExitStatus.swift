import DemoServers
import ProcNet

/// What a command's exit status says; part of the interface.
enum ExitStatus: Int32 {
  case done = 0
  case failed = 1
  /// `diagnose`: at least one critical finding.
  case critical = 2
  /// With `--strict`: done, but something could not be read.
  case incomplete = 3
  /// Wrong usage (EX_USAGE of sysexits).
  case usage = 64
  /// A scenario that cannot be shown on this machine (as automake's tests have it).
  case skipped = 77

  /// `diagnose`: at least one warning. Its statuses are those of a monitoring plugin.
  static let warning = ExitStatus.failed
  /// `diagnose`: the question could not be answered.
  static let couldNotTell = ExitStatus.incomplete

  /// What a server, client or scenario that failed comes to, once its reason is on the screen.
  init(showing error: DemoError) throws(UsageError) {
    if error.status == Self.usage.rawValue { throw UsageError(error.message) }
    Notice.show(error.message)
    self = error.status == Self.incomplete.rawValue ? .incomplete : .failed
  }
}

/// What was typed makes no sense; one line says what, and the nearest right word.
struct UsageError: Error {
  let message: String
  /// More lines, for a filter: the text and a caret under the wrong word.
  var detail: String?
  /// A name in it could not be looked up; it may be right.
  var isUndecided = false

  init(_ message: String, detail: String? = nil, isUndecided: Bool = false) {
    self.message = message
    self.detail = detail
    self.isUndecided = isUndecided
  }

  /// A word that is none of those there are.
  ///
  /// - Parameters:
  ///   - complaint: What the message begins with: `unknown command`.
  ///   - hint: What it ends with when no name is near.
  init(_ complaint: String, _ word: String, among names: [String], orElse hint: String) {
    let near = NearestWord.to(word, among: names).map { "did you mean \($0)?" }
    self.init("\(complaint) '\(SafeText.string(word))'; \(near ?? hint)")
  }
}

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
