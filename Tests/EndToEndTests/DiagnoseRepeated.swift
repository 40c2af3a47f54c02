import Foundation
import Testing

extension DiagnosesEndToEnd {
  @Suite("A diagnosis that is recorded")
  struct DiagnoseRepeated {
    static let names = ["serial-blocked", "serial-healthy", "upstream-chain", "unix-backlog"]

    @Test("is repeated byte for byte, with its exit status, and is small")
    func same() {
      for fault in Lanes.faults(Self.names, lanes: 4, Self.faults) {
        Issue.record(Comment(rawValue: fault))
      }
    }

    /// As ourselves and, where we can become another user, as nobody.
    private static func faults(_ name: String) throws -> [String] {
      let place = try DiagnosePlace(name)
      defer { _ = place.hold.end(.endOfInput) }
      let folder = try TemporaryFolder()
      chmod(folder.path, 0o777)
      var faults: [String] = []
      for user in Tool.canChangeUser ? User.allCases : [.ourselves] {
        for format in user == .ourselves ? ["--all", "--json"] : ["--format=markdown"] {
          let file = "\(folder.path)/\(user)\(format)"
          let live = try place.diagnose([format, "--record", file], after: user.prefix)
          let again = try place.diagnose([format, "--from", file])
          if live.output.isEmpty || (live.output, live.ending) != (again.output, again.ending) {
            faults.append("\(live)\nis not repeated: \(again)")
          }
          let values = try FileManager.default.attributesOfItem(atPath: file)
          if (values[.size] as? Int ?? .max) > 300 << 10 { faults.append("\(values)") }
          if values[.posixPermissions] as? Int != 0o600 { faults.append("\(values)") }
        }
      }
      return faults
    }

    /// Each process of Swift orders sets in its own way.
    @Test("in the collection comes out the same in every process")
    func processes() throws {
      let folder = "\(Package.root)/Tests/Recordings"
      let files = try FileManager.default.contentsOfDirectory(atPath: folder)
      for file in files.filter({ $0.hasSuffix(".recording") }).sorted().prefix(20) {
        let words = ["diagnose", "--all", "--json", "--from", "\(folder)/\(file)"]
        let first = try Program(words: [Product.sockinspect] + words).run()
        let second = try Program(words: [Product.sockinspect] + words).run()
        #expect(first.output == second.output && !first.output.isEmpty, "\(file)")
      }
    }

    @Test("that comes to nothing is repeated as well")
    func nothing() throws {
      let folder = try TemporaryFolder()
      let file = "\(folder.path)/a"
      let words = [Product.sockinspect, "diagnose", "nosuchprogram"]
      let live = try Program(words: words + ["--record", file]).run()
      let again = try Program(words: words + ["--from", file]).run()
      #expect(live.status == 3 && live.errorText == again.errorText, "\(live) \(again)")
    }

    @Test("is written whole or not at all, and what cannot be recorded is wrong usage")
    func refused() throws {
      let folder = try TemporaryFolder()
      let file = "\(folder.path)/a"
      let recorded = try Program(words: [Product.sockinspect, "diagnose", "--record", file]).run()
      #expect(recorded.errors.isEmpty, "\(recorded)")
      let wrong = [
        ["--record", "\(file)2", "--from", file], ["--record", "-"], ["--record", file, "state"],
        ["--record", "\(file)2", "--list-findings"],
      ]
      for words in wrong {
        let refused = try Program(words: [Product.sockinspect, "diagnose"] + words).run()
        #expect(refused.status == 64 && refused.output.isEmpty, "\(refused)")
      }
      let nowhere = try Program(
        words: [Product.sockinspect, "diagnose", "--record", "\(folder.path)/no/a"]
      ).run()
      #expect(nowhere.status == 3 && nowhere.errorLines.count == 1, "\(nowhere)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a"])
    }
  }
}
