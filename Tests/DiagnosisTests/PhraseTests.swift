import Testing

@testable import Diagnosis

/// Figures and names as sentences have them.
@Suite("Phrase")
struct PhraseTests {
  @Test(
    "bytes, in units once there are many",
    arguments: [
      (1, "1 byte"), (9999, "9999 bytes"), (10_240, "10 KiB"), (63_488, "62 KiB"),
      (3_997_696, "3.8 MiB"), (1 << 30, "1.0 GiB"), (1 << 40, "1024 GiB"),
    ])
  func bytes(number: Int, text: String) { #expect(Phrase.bytes(number) == text) }

  @Test(
    "durations, in two units from an hour on",
    arguments: [
      (0, "0 ms"), (999, "999 ms"), (1000, "1 s"), (4100, "4.1 s"), (9960, "10 s"),
      (61_500, "62 s"), (179_499, "179 s"), (180_000, "3 min"), (1_500_000, "25 min"),
      (3_599_000, "59 min"), (3_600_000, "1 h"), (11_400_000, "3 h 10 min"),
      (90_060_000, "25 h 1 min"), (259_200_000, "3 days"),
    ])
  func duration(milliseconds: Int, text: String) {
    #expect(Phrase.duration(milliseconds) == text)
  }

  @Test("what the names of workers have in common")
  func commonName() {
    #expect(Phrase.commonName(["demo-prefork-1", "demo-prefork-12"]) == "demo-prefork")
    #expect(Phrase.commonName(["php8.2", "php8.2"]) == "php8.2")
    #expect(Phrase.commonName(["apache2"]) == "apache2")
    #expect(Phrase.commonName(["nginx", "redis"]) == nil)
    #expect(Phrase.commonName(["w1", "w2"]) == nil)
    #expect(Phrase.commonName([]) == nil)
  }
}
