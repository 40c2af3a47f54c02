import Foundation

/// The source of a manual page, read for what it claims.
struct ManualPage {
  let lines: [String]

  static let sockinspect = ManualPage(file: "sockinspect.1")
  static let findings = ManualPage(file: "sockinspect-findings.7")
  static let serve = ManualPage(file: "sockinspect-serve.1")

  private init(file: String) {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { root.deleteLastPathComponent() }
    let page = root.appendingPathComponent("man/\(file)")
    let text = (try? String(contentsOf: page, encoding: .utf8)) ?? ""
    lines = text.split(separator: "\n").map(String.init)
  }

  /// The lines of a section, or of a subsection, up to the next one.
  func part(_ macro: String, _ title: String) -> [String] {
    let begin = lines.drop { $0 != ".\(macro) \(title)" }.dropFirst()
    return Array(begin.prefix { !$0.hasPrefix(".Sh ") && !($0.hasPrefix(".Ss ") && macro == "Ss") })
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
