import Foundation

/// A scenario that stands, and several ways to ask what is wrong with it.
final class DiagnosePlace {
  let hold: ScenarioHold
  private let folder: TemporaryFolder
  /// A copy that everybody may run.
  private let program: String

  init(_ scenario: String) throws {
    folder = try TemporaryFolder()
    program = try folder.copy(of: Product.sockinspect)
    hold = try ScenarioHold(scenario)
  }

  var ready: ScenarioReady { hold.ready }

  /// What is asked about: the server's port or path, or everything in its namespace.
  var target: [String] {
    let place = ready.netns.map { ["--netns", "\($0)"] } ?? []
    return place + [ready.target]
  }

  func diagnose(_ words: [String] = ["--json", "--all"], after prefix: [String] = []) throws
    -> Outcome
  {
    try Program(words: prefix + [program, "diagnose"] + words + target).run()
  }

  /// A recording that everybody may read.
  func record(samples: Int) throws -> String {
    let path = "\(folder.path)/\(samples).recording"
    let place = ready.netns.map { "\($0)" } ?? "self"
    let made = try Program(
      words: [program, "record", "--netns", place, "--samples", "\(samples)", path]
    ).run()
    guard made.status == 0 else { throw CannotRun(words: made.words, error: made.status ?? -1) }
    chmod(path, 0o644)
    return path
  }

  /// Asks in a mount namespace where `/proc` hides the processes of others.
  func diagnoseHidden(_ words: [String]) throws -> Outcome {
    let script =
      "mount -t proc -o hidepid=2 proc /proc && exec \(User.nobody.prefix.joined(separator: " ")) "
      + "\"$@\""
    return try diagnose(words, after: ["unshare", "--mount", "sh", "-c", script, "sh"])
  }
}

/// The parts of an answer that a recording must have as well.
struct DiagnoseCore: Equatable {
  var headline: String
  var grave: Set<String>
  /// Who the headline's evidence is about.
  var processes: Set<Int32>
  var descriptors: Set<Int32>
  var peers: Set<Int>

  /// Drops and attempts to connect come and go with the retries of clients.
  private static let fleeting: Set<String> = [
    "accept-queue-drops", "connect-stuck", "retransmitting", "receive-stuck",
  ]

  init?(_ outcome: Outcome) {
    guard
      let answer = try? JSONDecoder().decode(DiagnosisAnswer.self, from: Data(outcome.output)),
      let first = answer.findings.first
    else { return nil }
    headline = first.id
    grave = Set(answer.grave.map(\.id)).subtracting(Self.fleeting)
    let evidence = first.evidence ?? []
    processes = Set(evidence.compactMap(\.pid))
    descriptors = Set(evidence.compactMap(\.fd))
    peers = Set(evidence.compactMap(\.peer?.port))
  }
}
