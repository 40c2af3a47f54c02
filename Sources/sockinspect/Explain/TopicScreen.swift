/// How topics look: a heading, paragraphs, lists and commands, fitted to a width.
struct TopicScreen {
  let width: Int
  let palette: Palette

  func text(_ topic: Topic) -> String {
    var lines = [heading(topic), ""]
    lines += paragraph(topic.means)
    for text in topic.text { lines += [""] + paragraph(text) }
    let margin = max(10, 4 + (topic.sections.map(\.title.count).max() ?? 0))
    var isTable = false
    for section in topic.sections {
      // Single lines stand together, as in a table.
      if !(isTable && section.lines.count == 1) { lines.append("") }
      isTable = section.lines.count == 1
      lines += list(section.title, section.lines.map(plain), margin: margin)
    }
    if !topic.look.isEmpty { lines += [""] + list("Look", topic.look, breaks: false) }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The names of all topics by group.
  var list: String {
    Topic.Group.allCases.map { group in
      let names = TopicIndex.all.topics.flatMap { topic in
        topic.labels.filter { $0.group == group }.map { $0.name.replacing(" ", with: "\u{a0}") }
      }
      let lines = WrappedText.lines(names.joined(separator: "  "), width: width - 2)
        .map { "  \($0.replacing("\u{a0}", with: " "))" }
      return "\(palette.heading)\(group.title)\(palette.plain)\n\(lines.joined(separator: "\n"))\n"
    }.joined(separator: "\n")
  }

  private func heading(_ topic: Topic) -> String {
    let places = topic.labels.map { label in
      label.name == topic.name ? label.group.singular : "\(label.group.singular) \(label.name)"
    }
    return "\(palette.heading)\(topic.name)\(palette.plain)  (\(places.joined(separator: ", ")))"
  }

  private func paragraph(_ text: String) -> [String] {
    WrappedText.lines(plain(text), width: width - 2).map { "  \($0)" }
  }

  /// Lines under a word, each of them hanging behind it.
  private func list(
    _ title: String, _ items: [String], breaks: Bool = true, margin width: Int = 10
  ) -> [String] {
    let margin = String(repeating: " ", count: width)
    var head = "  \(title)".padded(to: width)
    return items.flatMap { item -> [String] in
      let isOneOfMany = breaks && items.count > 1
      let lines = breaks ? WrappedText.lines(item, width: self.width - width - 2) : [item]
      return lines.enumerated().map { index, line in
        defer { head = margin }
        return head + (isOneOfMany ? (index == 0 ? "- " : "  ") : "") + line
      }
    }
  }

  /// Without marks: on a screen `accept(2)` needs none.
  private func plain(_ text: String) -> String { Prose(text).plain }
}

extension String {
  /// Blanks behind it up to a width.
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(width - count, 0))
  }

  /// Every occurrence of a character replaced.
  fileprivate func replacing(_ old: Character, with new: Character) -> String {
    String(map { $0 == old ? new : $0 })
  }
}
