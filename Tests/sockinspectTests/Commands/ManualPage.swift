import Foundation

/// The source of a manual page, read for what it claims.
struct ManualPage {
  let text: String
  let lines: [String]

  static let sockinspect = ManualPage(file: "sockinspect.1")
  static let findings = ManualPage(file: "sockinspect-findings.7")

  private static let folder = CourseTests.root.appendingPathComponent("man")

  /// The names of all pages: `sockinspect-filter.7`.
  static let files: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { !$0.hasPrefix(".") }.sorted()
  }()

  init(file: String) {
    text =
      (try? String(contentsOf: Self.folder.appendingPathComponent(file), encoding: .utf8)) ?? ""
    lines = text.split(separator: "\n").map(String.init)
  }

  init(command: String) { self.init(file: "sockinspect-\(command).1") }

  /// The lines of a section, or of a subsection, up to the next one.
  func part(_ macro: String, _ title: String) -> [String] {
    let begin = lines.drop { $0.replacing("\\&", with: "") != ".\(macro) \(title)" }.dropFirst()
    return Array(begin.prefix { !$0.hasPrefix(".Sh ") && !($0.hasPrefix(".Ss ") && macro == "Ss") })
  }

  /// The titles of its sections, in order.
  var sections: [String] {
    lines.filter { $0.hasPrefix(".Sh ") }.map { String($0.dropFirst(4)).replacing("\\&", with: "") }
  }

  /// What is described in a list: the titles of its items, as the help writes them.
  static func items(_ lines: [String], _ macro: String) -> [String] {
    lines.filter { $0.hasPrefix(".It \(macro) ") }.map {
      // Fl writes a dash before each of its words.
      $0.replacing(".It ", with: "").replacing("Fl ", with: "-").replacing(" , -", with: ", --")
        .replacing("Ar ", with: "").replacing("Cm ", with: "")
    }
  }
}
