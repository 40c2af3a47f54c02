import Diagnosis
import Foundation
import ProcNet
import Testing

@testable import sockinspect

/// Every server that was ever recorded judges the rules of today.
@Suite("Recorded cases")
struct RecordedCaseTests {
  /// Bytes of all recordings together, since everybody who clones the repository gets them.
  private static let mostBytes = 15 << 20

  @Test("says what is wrong", arguments: RecordedCase.names)
  func says(name: String) throws {
    let recorded = try RecordedCase(name)
    let answer = try recorded.answer()
    for fault in answer.faults(recorded.expectation) {
      Issue.record("\(name): \(fault)\n\(recorded.expectation.about)\n\(answer.text)")
    }
  }

  @Test("says the same every time", arguments: RecordedCase.someNames)
  func repeats(name: String) throws {
    let recorded = try RecordedCase(name)
    #expect(try recorded.answer() == recorded.answer())
  }

  @Test("was made by the account that it says, and expects findings that there are")
  func sound() throws {
    let known = Set(FindingKind.all.map(\.id))
    for name in RecordedCase.names {
      let expected = try RecordedCase(name).expectation
      let header = try RecordedKernel(path: RecordedCase.path("\(name).recording")).header
      let isRoot = header.user.map { $0 == 0 }
      #expect(isRoot == nil || expected.account == (isRoot == true ? "root" : "user"), "\(name)")
      #expect(RecordedCase.Expectation.severities.contains(expected.severity), "\(name)")
      let ids = Set(expected.headline + expected.finds + expected.never)
      #expect(ids.subtracting(known).sorted() == [], "\(name)")
      #expect(expected.about.hasSuffix("."), "\(name): what is it about?")
    }
  }

  @Test("has its two files, and all of them together are small")
  func files() throws {
    #expect(RecordedCase.names == RecordedCase.names(ending: ".expect.json"))
    let sizes = try RecordedCase.names.map { name in
      let values = try FileManager.default.attributesOfItem(
        atPath: RecordedCase.path("\(name).recording"))
      return values[.size] as? Int ?? 0
    }
    #expect(sizes.reduce(0, +) <= Self.mostBytes)
  }
}
