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

/// The wait graph as a picture: a row of boxes for each root cause, from the clients to the cause.
///
/// Widths are those of a font that every browser has, reckoned by characters: a picture that is to
/// be written without a font at hand cannot measure them.
struct DiagnosisSVG {
  private static let width = 1080
  private static let margin = 20
  private static let gap = 44
  private static let lineHeight = 18
  /// Pixels of a character of 13 pixels, generously.
  private static let character = 8
  private static let mostCharacters = 34

  static func append(_ report: DiagnosisReport, to writer: inout ByteWriter) {
    let lanes = report.roots.map(Lane.init)
    var body = ByteWriter(capacity: 4096)
    var y = margin
    for lane in lanes { lane.append(from: &y, to: &body) }
    if lanes.isEmpty { appendText(report.verdict, x: margin, y: &y, to: &body) }
    writer.append(
      """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(y)" width="\(width)" \
      height="\(y)" role="img" font-family="system-ui, sans-serif" font-size="13">
      <title>\(MarkupText.escaped(report.verdict))</title>
      <style>
      .box { fill: #f5f6f8; stroke: #8a93a0; }
      .text { fill: #1b1f24; } .faint { fill: #59636e; }
      .arrow { stroke: #59636e; stroke-width: 1.5; fill: none; }
      .critical { stroke: #c62828; stroke-width: 2.5; } .warning { stroke: #b26a00; stroke-width: 2.5; }
      .critical-text { fill: #c62828; font-weight: 700; } .warning-text { fill: #8a5200; font-weight: 700; }
      @media (prefers-color-scheme: dark) {
      .box { fill: #22272e; stroke: #768390; } .text { fill: #e6edf3; } .faint { fill: #9aa4af; }
      .arrow { stroke: #9aa4af; } .critical { stroke: #ff6b6b; } .warning { stroke: #e3a23c; }
      .critical-text { fill: #ff6b6b; } .warning-text { fill: #e3a23c; }
      }
      </style>

      """)
    writer.append(body.bytes)
    writer.append("</svg>\n")
  }

  private static func appendText(
    _ text: String, x: Int, y: inout Int, to writer: inout ByteWriter
  ) {
    y += lineHeight
    writer.append("<text class=\"text\" x=\"\(x)\" y=\"\(y)\">\(MarkupText.escaped(text))</text>\n")
    y += margin
  }

  /// One root cause with the boxes that lead to it.
  private struct Lane {
    let group: FindingGroup
    let boxes: [Box]

    init(_ group: FindingGroup) {
      self.group = group
      boxes = (DrawnChain(group)?.stations ?? [DrawnChain.Station(aloneFor: group)]).map(Box.init)
    }

    func append(from y: inout Int, to writer: inout ByteWriter) {
      let name = group.severity.name
      y += lineHeight
      writer.append(
        """
        <text x="\(margin)" y="\(y)"><tspan class="\(name)-text">\(name.uppercased())</tspan>\
        <tspan class="text" dx="8" font-weight="600">\(MarkupText.escaped(group.place))</tspan>\
        <tspan class="faint" dx="8">\(MarkupText.escaped(group.clause))</tspan></text>

        """)
      y += 12
      var (x, height) = (margin, 0)
      for (index, box) in boxes.enumerated() {
        if index > 0, x + gap + box.width > width - margin {
          y += height + 14
          (x, height) = (margin, 0)
        }
        if index > 0 {
          let middle = y + Box.headHeight
          writer.append(
            """
            <path class="arrow" d="M\(x + 6) \(middle) h\(gap - 16) m-6 -5 l6 5 l-6 5"/>

            """)
          x += gap
        }
        box.append(x: x, y: y, severity: name, to: &writer)
        x += box.width
        height = max(height, box.height)
      }
      y += height + margin
    }
  }

  private struct Box {
    let lines: [String]
    let isRoot: Bool
    static let headHeight = 20

    init(_ station: DrawnChain.Station) {
      lines = station.lines.flatMap {
        WrappedText.lines(SafeText.string($0), width: mostCharacters)
      }
      isRoot = station.isRoot
    }

    var width: Int { (lines.map { DisplayWidth.of($0) }.max() ?? 0) * character + 24 }
    var height: Int { lines.count * lineHeight + 16 }

    func append(x: Int, y: Int, severity: String, to writer: inout ByteWriter) {
      let tone = isRoot ? " \(severity)" : ""
      writer.append(
        """
        <rect class="box\(tone)" x="\(x)" y="\(y)" width="\(width)" height="\(height)" rx="6"/>

        """)
      for (index, line) in lines.enumerated() {
        let weight = index == 0 ? " font-weight=\"600\"" : ""
        writer.append(
          """
          <text class="\(index == 0 ? "text" : "faint")" x="\(x + 12)" \
          y="\(y + 8 + (index + 1) * lineHeight - 4)"\(weight)>\(MarkupText.escaped(line))</text>

          """)
      }
    }
  }
}

/// Text in HTML and SVG: made safe, and nothing in it is markup.
enum MarkupText {
  static func escaped(_ text: String) -> String { marked(SafeText.string(text)) }

  /// Text with its backquotes as they are meant: words to type become code.
  static func prose(_ text: String) -> String {
    Prose(SafeText.string(text), marks: ["`"]).pieces.map { piece in
      piece.kind == .plain ? marked(piece.text) : "<code>\(marked(piece.text))</code>"
    }.joined()
  }

  private static func marked(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.append(character)
      }
    }
  }
}
