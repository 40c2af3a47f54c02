import DemoServers

/// Numbers as options take them: digits, within bounds.
enum Number {
  static func read<Value: FixedWidthInteger>(
    _ text: String, _ option: String, _ bounds: ClosedRange<Value>
  ) throws(UsageError) -> Value {
    let isPlain = text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    guard isPlain, let value = Value(text), bounds.contains(value) else {
      throw UsageError(
        "\(option) takes a number from \(bounds.lowerBound) to \(bounds.upperBound), not '\(text)'")
    }
    return value
  }

  static func seconds(_ text: String, _ option: String) throws(UsageError) -> Double {
    do { return try Seconds.read(text) } catch { throw UsageError("\(option): \(error.message)") }
  }
}
