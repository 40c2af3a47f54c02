/// `explain` alone: the names of all topics by group.
enum TopicList {
  static func text(width: Int, palette: Palette) -> String {
    Topic.Group.allCases.map { group in
      let names = TopicIndex.all.topics.flatMap { topic in
        topic.labels.filter { $0.group == group }.map { $0.name.replacing(" ", with: "\u{a0}") }
      }
      let lines = WrappedText.lines(names.joined(separator: "  "), width: width - 2)
        .map { "  \($0.replacing("\u{a0}", with: " "))" }
      return "\(palette.heading)\(group.title)\(palette.plain)\n\(lines.joined(separator: "\n"))\n"
    }.joined(separator: "\n")
  }
}

extension String {
  /// Every occurrence of a character replaced.
  fileprivate func replacing(_ old: Character, with new: Character) -> String {
    String(map { $0 == old ? new : $0 })
  }
}
