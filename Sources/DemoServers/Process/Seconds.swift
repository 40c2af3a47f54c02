/// A number of seconds as people type it: `3`, `0.5`.
public enum Seconds {
  public static func read(_ text: String) throws(DemoError) -> Double {
    let isPlain = text.utf8.allSatisfy { $0 == 0x2E || (0x30...0x39).contains($0) }
    guard isPlain, let seconds = Double(text), seconds <= 1e9 else {
      throw .usage("'\(text)' is no number of seconds")
    }
    return seconds
  }
}
