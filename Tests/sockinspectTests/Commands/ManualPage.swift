import Foundation

/// The source of sockinspect(1), read for what it claims.
struct ManualPage {
  let lines: [String]

  static let sockinspect: ManualPage = {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { root.deleteLastPathComponent() }
    let page = root.appendingPathComponent("man/sockinspect.1")
    let text = (try? String(contentsOf: page, encoding: .utf8)) ?? ""
    return ManualPage(lines: text.split(separator: "\n").map(String.init))
  }()

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
