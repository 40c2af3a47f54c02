import Foundation
import Testing

/// The article of ProcNet's documentation, whose code is `listeningSockets`.
@Suite struct ListeningSocketsTests {
  @Test("the code of the article finds a listener")
  func findsListener() throws {
    let listener = try #require(OwnersListener())
    let line = "127.0.0.1 port \(listener.port), waiting for accept: 0"
    #expect(try listeningSockets().contains(line))
  }

  @Test("the article shows the code that is tested")
  func showsTestedCode() throws {
    let source = try Self.text("Tests/ProcNetTests/Article/ListeningSockets.swift")
    let article = try Self.text("Sources/ProcNet/ProcNet.docc/ListeningSockets.md")
    let code = try #require(Self.part(of: source, "// article begins\n", "// article ends\n"))
    let block = try #require(Self.part(of: article, "```swift\nimport ProcNet\n\n", "```\n"))
    #expect(block == code)
    let lines = code.split(separator: "\n")
    #expect(lines.count == 12, "ten lines between the function's first and last")
  }

  private static func part(of text: String, _ start: String, _ end: String) -> String? {
    guard let begin = text.range(of: start)?.upperBound,
      let stop = text.range(of: end, range: begin..<text.endIndex)?.lowerBound
    else { return nil }
    return String(text[begin..<stop])
  }

  private static func text(_ path: String) throws -> String {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { root.deleteLastPathComponent() }
    return try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }
}
