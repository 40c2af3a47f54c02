import Foundation
import Testing

@testable import sockinspect

extension DemosEndToEnd {
  /// The lessons on the smallest screen that people have.
  @Suite("A guided demo on a small screen", .serialized)
  struct CourseScreens {
    /// All of them when SOCKINSPECT_TOURS is set.
    static let names: [String] = {
      let isThorough = ProcessInfo.processInfo.environment["SOCKINSPECT_TOURS"] != nil
      return isThorough ? Course.lessons.map(\.name) : ["handshake"]
    }()

    @Test("nothing scrolls away before one has said that one has seen it", arguments: names)
    func fits(name: String) throws {
      let terminal = try ChatTerminal(
        CoursePlace.words([Product.sockinspect, "demo", name]), columns: 80, rows: 24)
      var screens = 0
      while terminal.shows("[Enter goes on", times: screens + 1) {
        screens += 1
        terminal.type("\n")
      }
      #expect(terminal.status() == 0)
      let shown = terminal.screen.components(separatedBy: "[Enter goes on")
      #expect(shown.count > 5)
      // Behind the last prompt stands what is left over when all is done.
      for screen in shown.dropLast() {
        let rows = ScreenRows(columns: 80, height: 24).count(screen.withoutEscapes + "\n")
        #expect(rows <= 24, "\(rows) rows:\n\(screen)")
      }
    }
  }
}

extension String {
  /// What is left of it on a screen below the rest of the prompt before it, which was answered.
  fileprivate var withoutEscapes: String {
    let answered = components(separatedBy: ", q leaves] \r\n").last ?? self
    return answered.replacing("\u{1b}[A\r\u{1b}[2K", with: "")
      .replacing(/\u{1b}\[[0-9;]*[A-Za-z]/, with: "").replacing("\r\n", with: "\n")
  }
}
