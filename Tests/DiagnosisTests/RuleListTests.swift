import Foundation
import ProcNet
import Testing

@testable import Diagnosis

/// The list of rules, its folder, the catalogue, and the words that are filled in.
@Suite("The list of rules")
struct RuleListTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static let ids = RuleList.all.map { type(of: $0).kind.id }

  @Test("the list and the folder are the same")
  func folder() throws {
    let folder = Self.root.appendingPathComponent("Sources/Diagnosis/Rules").path
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0 != "RuleList.swift" }
    #expect(files.sorted() == RuleList.all.map { "\(type(of: $0)).swift" }.sorted())
  }

  @Test("a rule's name is that of its finding")
  func names() {
    for rule in RuleList.all {
      let id = type(of: rule).kind.id.replacing("-", with: "")
      #expect("\(type(of: rule))".lowercased() == id)
    }
  }

  @Test("a case without trouble gives no finding")
  func calm() {
    #expect(RuleList.all.flatMap { $0.findings(in: MadeObservation().file) }.isEmpty)
  }

  @Test("commands get the case's figures, and those that lack one are left out")
  func placeholders() {
    let lines = ["ss 'sport = :PORT'", "cat /proc/PID/fd/FD", "sysctl net.core.somaxconn"]
    #expect(
      Placeholders(port: 80).commands(lines) == ["ss 'sport = :80'", "sysctl net.core.somaxconn"])
    #expect(Placeholders(process: 7, descriptor: 4).commands(lines)[0] == "cat /proc/7/fd/4")
    #expect(Placeholders(port: 80).filled("LimitNOFILE= of :PORT") == "LimitNOFILE= of :80")
  }

  @Test("a path is one word of a shell, or is not shown")
  func paths() {
    func commands(_ path: String) -> [String] {
      let socket = Socket.unix(.unixStream, .listen, inode: 1, path: path)
      return Placeholders(SocketName(socket)).commands(["ss -xl src PATH"])
    }
    #expect(commands("/run/x.sock") == ["ss -xl src /run/x.sock"])
    #expect(commands("/run/$(x)") == ["ss -xl src '/run/$(x)'"])
    #expect(commands("/run/a'b").isEmpty && commands("/run/a\nb").isEmpty)
  }
}
