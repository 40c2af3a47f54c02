import Diagnosis
import Foundation
import ProcNet

@testable import sockinspect

/// A diagnosis of a real server that was recorded, and what every version of the rules must say
/// of it: `NAME.recording` and `NAME.expect.json` in `Tests/Recordings`.
struct RecordedCase: Sendable {
  let name: String
  let expectation: Expectation

  struct Expectation: Codable, Sendable {
    /// The words behind `diagnose`: a target, maybe options that say where; nil for the whole host.
    var target: String?
    /// What happened there, in one sentence.
    var about: String
    /// critical, warning, notice or ok; unknown where the diagnosis cannot tell (status 3).
    var severity: String
    /// One of these is the cause that the answer begins with; where nothing is wrong there is none.
    var headline: [String]
    /// All of these are found, as anything.
    var finds: [String]
    /// None of these is found.
    var never: [String]
    /// Texts that a person reads in the answer with all notices and evidence.
    var names: [String]
    /// Who recorded: root or user.
    var account: String

    static let severities = ["critical", "warning", "notice", "ok", "unknown"]
    static let keys: Set<String> = [
      "target", "about", "severity", "headline", "finds", "never", "names", "account",
    ]
  }

  var file: String { Self.path("\(name).recording") }

  static let folder: String = {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    return root.appendingPathComponent("Recordings").path
  }()

  static func path(_ name: String) -> String { "\(folder)/\(name)" }

  static var names: [String] { names(ending: ".recording") }
  /// One in eight.
  static var someNames: [String] { names.enumerated().filter { $0.offset % 8 == 0 }.map(\.element) }

  static func names(ending: String) -> [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }.sorted()
  }

  struct Unreadable: Error { var why: String }

  init(_ name: String) throws {
    self.name = name
    let data = try Data(contentsOf: URL(fileURLWithPath: Self.path("\(name).expect.json")))
    let object = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    let strange = Set(object.keys).symmetricDifference(Expectation.keys).sorted()
    guard strange.isEmpty else { throw Unreadable(why: "missing or unknown keys: \(strange)") }
    expectation = try JSONDecoder().decode(Expectation.self, from: data)
  }

  /// The diagnosis, done again from the recording.
  func answer() throws -> RecordedAnswer {
    var arguments = DiagnoseArguments()
    let parser = OptionParser(command: "sockinspect diagnose", options: Option.diagnose)
    let words = expectation.target?.split(separator: " ").map(String.init) ?? []
    arguments.words = try parser.parse(words, into: &arguments)
    arguments.common.recording = file
    do {
      return RecordedAnswer(try DiagnoseCommand.answer(arguments))
    } catch let nothing as DiagnoseTarget.Nothing {
      return RecordedAnswer(text: nothing.message)
    }
  }
}

/// What a diagnosis says, as a person and as a program read it.
struct RecordedAnswer: Equatable {
  var text: String
  var json = ""
  var severity = "unknown"
  /// The cause that it begins with.
  var headline: String?
  var findings: Set<String> = []

  init(text: String) { self.text = text }

  init(_ answer: DiagnoseCommand.Answer) {
    let report = answer.report
    text = MadeDiagnosis.text(report, all: true, evidence: true)
    json = written { DiagnosisJSON.append(report, to: &$0) }
    severity = report.severity?.name ?? "ok"
    headline = report.headline?.cause.id
    findings = Set(report.diagnosis.findings.map(\.id))
  }

  /// Everything that is not as it must be, in words.
  func faults(_ expected: RecordedCase.Expectation) -> [String] {
    var faults: [String] = []
    func check(_ holds: Bool, _ fault: @autoclosure () -> String) {
      if !holds { faults.append(fault()) }
    }
    check(severity == expected.severity, "it is \(severity), not \(expected.severity)")
    let isRight = headline.map(expected.headline.contains) ?? expected.headline.isEmpty
    check(isRight, "it begins with \(headline ?? "nothing"), not one of \(expected.headline)")
    let missing = Set(expected.finds).subtracting(findings).sorted()
    check(missing.isEmpty, "it does not find \(missing)")
    let wrong = Set(expected.never).intersection(findings).sorted()
    check(wrong.isEmpty, "it finds \(wrong)")
    let unnamed = expected.names.filter { !text.contains($0) }
    check(unnamed.isEmpty, "it does not name \(unnamed)")
    return faults
  }
}
