import Testing

extension EndToEnd {
  @Suite("A recording of several moments")
  struct RecordSamples {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func run(_ words: String...) throws -> Outcome {
      try Program(words: [Product.sockinspect] + words).run()
    }

    @Test("is listed like one of its first moment, and compared by listen --interval")
    func samples() throws {
      let path = "\(folder.path)/two"
      let made = try run("record", "--samples", "2", "--interval", "0.1", path)
      #expect(made.status == 0, "\(made)")
      let first = try run("-an", "--from", path)
      let again = try run("-an", "--from", path)
      #expect(first.status == 0 && first.output == again.output, "\(first)")
      let rates = try run("listen", "--json", "--interval", "1", "--from", path)
      #expect(rates.status == 0, "\(rates)")
      // Far less than a second was recorded: nobody waited for the interval that was named.
      if rates.text.contains("interval_ms") {
        #expect(!rates.text.contains("\"interval_ms\": 1000"))
      }
    }

    @Test("has more than one moment, or there is nothing to compare")
    func one() throws {
      let path = "\(folder.path)/one"
      #expect(try run("record", path).status == 0)
      let refused = try run("listen", "--interval", "1", "--from", path)
      #expect(refused.status == 1 && refused.errorLines.count == 1, "\(refused)")
      #expect(refused.errorText.contains("it holds one; record --samples 2 makes two"))
    }

    @Test("is asked for in whole numbers", arguments: ["0", "-1", "x", "1001", "1.5"])
    func wrong(_ samples: String) throws {
      let refused = try run("record", "--samples", samples, "\(folder.path)/x")
      #expect(refused.status == 64 && refused.errorText.contains("--samples"), "\(refused)")
    }

    @Test("an interval without a second moment is refused")
    func interval() throws {
      let refused = try run("record", "--interval", "1", "\(folder.path)/x")
      #expect(refused.status == 64 && refused.errorText.contains("--samples"), "\(refused)")
    }
  }
}
