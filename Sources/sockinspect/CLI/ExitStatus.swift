import DemoServers

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
