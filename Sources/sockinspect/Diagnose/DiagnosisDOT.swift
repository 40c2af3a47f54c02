import Diagnosis
import ProcNet

/// The wait graph in Graphviz's language: a box for each party, an arrow from each that waits to the
/// one that it waits for. A party that several chains lead to has one box.
enum DiagnosisDOT {
  static func append(_ report: DiagnosisReport, to writer: inout ByteWriter) {
    writer.append("digraph waits {\n  rankdir=LR;\n")
    writer.append("  label=\(quoted(report.verdict));\n")
    writer.append("  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n")
    var numbers: [String: Int] = [:]
    var edges: Set<String> = []
    for (place, group) in report.roots.enumerated() {
      let stations = DrawnChain(group)?.stations ?? [DrawnChain.Station(aloneFor: group)]
      var last: Int?
      for station in stations {
        // Clients of one server are not those of another.
        let key = station.key == "clients" ? "clients of \(place)" : station.key
        if numbers[key] == nil {
          numbers[key] = numbers.count
          append(station, number: numbers[key] ?? 0, group.severity, to: &writer)
        }
        let number = numbers[key] ?? 0
        if let last {
          let edge = "  n\(last) -> n\(number);\n"
          if edges.insert(edge).inserted { writer.append(edge) }
        }
        last = number
      }
    }
    writer.append("}\n")
  }

  private static func append(
    _ station: DrawnChain.Station, number: Int, _ severity: Severity, to writer: inout ByteWriter
  ) {
    let colour = severity == .critical ? "#c62828" : "#b26a00"
    let root = station.isRoot ? ", color=\"\(colour)\", penwidth=2" : ""
    let label = station.lines.map(escaped).joined(separator: "\\n")
    writer.append("  n\(number) [label=\"\(label)\"\(root)];\n")
  }

  private static func quoted(_ text: String) -> String { "\"\(escaped(text))\"" }

  private static func escaped(_ text: String) -> String {
    SafeText.string(text).reduce(into: "") { result, character in
      if character == "\"" || character == "\\" { result.append("\\") }
      result.append(character)
    }
  }
}

extension DrawnChain.Station {
  /// The only station of a finding of which no chain is known.
  init(aloneFor group: FindingGroup) {
    self.init(
      name: group.place, notes: [group.cause.kind.title.lowercasedFirst],
      since: group.waiting?.oldest, key: "alone \(group.place)", isRoot: true)
  }

  /// What stands in its box, a line each.
  var lines: [String] {
    ([name, place ?? ""] + notes + [since.map { "for \(Phrase.duration($0))" } ?? ""])
      .filter { !$0.isEmpty }
  }
}
