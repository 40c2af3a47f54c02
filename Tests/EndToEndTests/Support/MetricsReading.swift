import Foundation
import Testing

/// Metrics as an independent reader understands them, strictly: what stands where it must not is
/// a fault.
struct MetricsReading {
  struct Sample: Hashable {
    var name: String
    var labels: [String: String]
  }

  private(set) var values: [Sample: Double] = [:]
  private(set) var types: [String: String] = [:]
  private(set) var faults: [String] = []
  private var family = ""
  private let isOpen: Bool

  init(_ output: [UInt8], isOpen: Bool) throws {
    self.isOpen = isOpen
    let text = try #require(String(validating: output, as: UTF8.self), "no UTF-8")
    try #require(text.hasSuffix("\n"))
    // A Character can be "\r\n"; lines are bytes.
    var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }.dropLast()
    if isOpen {
      #expect(lines.last == "# EOF")
      lines = lines.dropLast()
    }
    for line in lines { take(line) }
  }

  private mutating func take(_ line: String) {
    if let match = line.wholeMatch(of: /# (HELP|TYPE|UNIT) ([a-z_]+) (.+)/) {
      takeMetadata(String(match.1), String(match.2), String(match.3))
    } else if let match = line.wholeMatch(of: /([a-z_]+)(?:\{(.*)\})? ([0-9]+(?:\.[0-9]+)?)/) {
      takeSample(String(match.1), match.2.map(String.init) ?? "", Double(match.3) ?? .nan)
    } else {
      faults.append("neither metadata nor a sample: \(line)")
    }
  }

  private mutating func takeMetadata(_ kind: String, _ name: String, _ text: String) {
    if kind == "HELP" {
      if types[name] != nil { faults.append("a second time: \(name)") }
      family = name
    }
    if name != family { faults.append("\(kind) of \(name) within \(family)") }
    if kind == "TYPE" { types[name] = text }
    if kind == "UNIT", !isOpen || !name.hasSuffix("_\(text)") { faults.append("unit of \(name)") }
  }

  private mutating func takeSample(_ name: String, _ text: String, _ value: Double) {
    let type = types[family]
    let suffix = isOpen ? ["counter": "_total", "info": "_info"][type ?? ""] ?? "" : ""
    if name != family + suffix || type == nil { faults.append("\(name) within \(family)") }
    guard let labels = Self.labels(text) else { return faults.append("labels: {\(text)}") }
    let sample = Sample(name: name, labels: labels)
    if values.updateValue(value, forKey: sample) != nil { faults.append("twice: \(sample)") }
  }

  /// The labels between the braces; nil when they are not well formed.
  private static func labels(_ text: String) -> [String: String]? {
    var labels: [String: String] = [:]
    var rest = text[...]
    while !rest.isEmpty {
      guard let match = rest.prefixMatch(of: /([a-z]+)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/),
        labels[String(match.1)] == nil
      else { return nil }
      let value = String(match.2).replacing(/\\(.)/) { $0.1 == "n" ? "\n" : String($0.1) }
      labels[String(match.1)] = value
      rest = rest[match.range.upperBound...]
    }
    return labels
  }

  /// The only sample of a name with these labels, among others.
  subscript(_ name: String, _ labels: [String: String]) -> Double? {
    let found = all(name, labels)
    return found.count == 1 ? found[0] : nil
  }

  func all(_ name: String, _ labels: [String: String] = [:]) -> [Double] {
    values.filter { sample, _ in
      sample.name == "sockinspect_\(name)" && labels.allSatisfy { sample.labels[$0] == $1 }
    }.map(\.value)
  }
}
