import Foundation
import ProcNet
import Testing

@testable import sockinspect

/// The manual says what the program does: its examples are read, and no word is left out.
@Suite struct FilterManualTests {
  static let page: String = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let file = root.appendingPathComponent("man/sockinspect-filter.7")
    return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
  }()

  static let lines = page.split(separator: "\n").map(String.init)

  /// What stands after `Example:`, and the filters of the command lines under EXAMPLES.
  static let examples: [String] = {
    let afterWord = zip(lines, lines.dropFirst()).filter { $0.0 == "Example:" }
      .map { $0.1.replacing(".Ql ", with: "") }
    let commands = lines.filter { $0.hasPrefix(".Dl $ sockinspect ") }.map {
      $0.replacing(".Dl $ sockinspect ", with: "").replacing("-x ", with: "")
        .replacing("-t ", with: "").replacing("'", with: "")
    }
    return afterWord + commands
  }()

  @Test("every example of the manual is read", arguments: examples)
  func example(sentence: String) throws {
    let filter = try Filter.parse([sentence], .sample())
    #expect(!filter.isEmpty)
    #expect(filter.warnings.isEmpty)
  }

  @Test("there are examples")
  func examplesExist() { #expect(Self.examples.count > 35) }

  @Test("the manual names every keyword and every state")
  func keywords() {
    let fields = Set(TCPInfoField.all.map { $0.name.replacing("_", with: "-") })
    let own = NumericField.words.keys.filter { !fields.contains($0) }
    let states = StateNames.table.map(\.name)
      .filter { !["estab", "syn-rcv", "unconn", "close", "listen", "bound"].contains($0) }
    let subjects = TextSubject.allCases.map(\.rawValue)
    for word in ConditionParser.keywords + subjects + own + states {
      let isThere = Self.lines.contains { line in
        line.hasPrefix(".") && line.split(separator: " ").contains { $0 == word }
      }
      #expect(isThere, "\(word) is missing in the manual")
    }
  }
}
