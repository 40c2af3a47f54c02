import TestSupport
import ProcNet
import Testing

@testable import sockinspect

/// Every way to be wrong, and the exact report of it.
@Suite struct FilterErrorTests {
  static let reports = FilterErrorReports.all + MoreFilterErrorReports.all

  @Test("a wrong filter is reported with a caret under the wrong word", arguments: reports)
  func report(sentence: String, report: String) throws {
    let error = try #require(Self.error(in: sentence))
    #expect(error.report == report)
    #expect(error.report.hasPrefix(error.message))
    #expect(error.text == sentence)
  }

  @Test("the nearest right word is told apart from the message")
  func suggestion() throws {
    let error = try #require(Self.error(in: "state listning"))
    #expect(error.suggestion == "listening")
    #expect(error.position == 6)
    #expect(error.length == 8)
  }

  @Test("the fault is located in the arguments as joined by blanks")
  func joined() throws {
    do throws(FilterError) {
      _ = try Filter.parse(["state", "listening", "fill > 5x"], .sample())
      Issue.record("no error")
    } catch {
      #expect(error.text == "state listening fill > 5x")
      #expect(error.position == 24)
    }
  }

  @Test("a fault in a long filter is shown with its surroundings only")
  func longText() throws {
    let filler = String(repeating: "sport = :1 or ", count: 100)
    let error = try #require(Self.error(in: filler + "spot = :1 or " + filler + "sport = :1"))
    let lines = error.report.split(separator: "\n").map(String.init)
    #expect(lines.count == 3)
    #expect(lines.allSatisfy { $0.count < 100 })
    let indent = lines[2].prefix { $0 == " " }.count
    #expect(lines[1].dropFirst(indent).hasPrefix("spot"))
  }

  @Test("what a terminal would act upon is not repeated")
  func hostileText() throws {
    let error = try #require(Self.error(in: "sp\u{1B}[31mot\u{202E}x = 1"))
    #expect(error.report.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
    #expect(!error.report.unicodeScalars.contains("\u{202E}"))
  }

  @Test("nesting is bounded, flat lists are not")
  func depth() throws {
    let deepest = FilterParser.deepest
    func nested(_ depth: Int) -> String {
      String(repeating: "(", count: depth) + "sport = :1" + String(repeating: ")", count: depth)
    }
    #expect(Self.error(in: nested(deepest)) == nil)
    let error = try #require(Self.error(in: nested(deepest + 1)))
    #expect(error.message == "more than 200 parentheses and nots inside each other")
    #expect(error.position == deepest)
    #expect(Self.error(in: String(repeating: "!", count: 5000) + "autobound") != nil)
    let flat = Array(repeating: "pid 1 or pid 2 and", count: 800).joined(separator: " ")
    #expect(Self.error(in: flat + " pid 3") == nil)
  }

  @Test("a filter that nobody could have typed is refused")
  func overlong() throws {
    let error = try #require(Self.error(in: String(repeating: "x", count: 20_000)))
    #expect(error.message == "the filter is longer than 16384 characters")
    #expect(error.report.utf8.count < 300)
  }

  @Test(
    "every prefix and every damaged sentence is read or refused, never trapped upon",
    arguments: SeededRandom.seeds(1))
  func damaged(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for (sentence, _) in SentenceTests.ofSS + SentenceTests.ofOurs + SentenceTests.selectors {
      let scalars = Array(sentence.unicodeScalars)
      for end in scalars.indices {
        _ = Self.error(in: String(String.UnicodeScalarView(scalars[..<end])))
        var damaged = scalars
        damaged[end] =
          "()!&|=<>:/[]%*@\"\\\u{0}\u{FFFD}9".unicodeScalars.randomElement(using: &random) ?? " "
        let text = String(String.UnicodeScalarView(damaged))
        if let error = Self.error(in: text) {
          #expect(error.report.split(separator: "\n").count == 3)
        }
      }
    }
  }

  static func error(in sentence: String) -> FilterError? {
    do throws(FilterError) {
      _ = try Filter.parse([sentence], .sample())
      return nil
    } catch {
      return error
    }
  }
}
