import ProcNet

/// What was typed after `explain`.
struct ExplainArguments: Sendable, HasHelp, HasPager {
  var isJSON = false
  var printsManual = false
  var usesPager = true
  var wantsHelp = false
}

extension Option where Arguments == ExplainArguments {
  static var explain: [Option<ExplainArguments>] {
    [
      Option("j", "json", help: "one JSON document") { $0.isJSON = true },
      Option(nil, "manual", help: "print all findings as a manual page") {
        $0.printsManual = true
      },
      noPager,
      help,
    ]
  }
}

/// `sockinspect explain [TOPIC]...`: what a word on the screen means, and where to look next.
enum ExplainCommand {
  static func run(_ words: [String]) throws -> ExitStatus {
    var arguments = ExplainArguments()
    let parser = OptionParser(
      command: "sockinspect explain", options: Option<ExplainArguments>.explain)
    let topics = try parser.parse(protected(words), into: &arguments)
    if arguments.wantsHelp { return try HelpCommand.show("explain") }
    if arguments.printsManual {
      try OutputFile.standardOutput.write(FindingsManual.text)
      return .done
    }
    return try show(topics, arguments)
  }

  /// `-->` and `---` are topics, though they look like options.
  private static func protected(_ words: [String]) -> [String] {
    let arrows = words.filter { $0 == "-->" || $0 == "---" }
    return words.filter { !arrows.contains($0) } + (arrows.isEmpty ? [] : ["--"] + arrows)
  }

  private static func show(
    _ words: [String], _ arguments: ExplainArguments
  ) throws -> ExitStatus {
    let (topics, unknown) = find(words)
    if topics.isEmpty, let unknown { throw unknown }
    var output = Output()
    if arguments.isJSON {
      let head = try Session(CommonArguments()).head(command: "explain")
      let all = TopicIndex.all.topics
      TopicJSON.append(
        words.isEmpty ? all : topics, head, isList: words.isEmpty, &output.writer)
    } else {
      output.writer.append(text(words.isEmpty ? nil : topics))
    }
    try Pager.show(
      output.writer.span, isWanted: arguments.usesPager && !arguments.isJSON)
    // What is known of the other words was wanted all the same.
    if let unknown { throw unknown }
    return .done
  }

  private static func text(_ topics: [Topic]?) -> String {
    let width = min(OutputFile.standardOutput.width ?? 80, 100) - 1
    let palette = Palette(isColoured: ColourChoice.auto.isOn)
    guard let topics else { return TopicScreen(width: width, palette: palette).list }
    let screen = TopicScreen(width: max(width, 40), palette: palette)
    return topics.map(screen.text).joined(separator: "\n")
  }

  /// All words may be one topic with blanks in it, or a topic each.
  private static func find(_ words: [String]) -> ([Topic], UsageError?) {
    let whole = TopicIndex.all.named(words.joined(separator: " "))
    if !whole.isEmpty { return (whole, nil) }
    var (topics, error) = ([Topic](), UsageError?.none)
    for word in words {
      let found = ScreenWord(word).topics(in: .all)
      if found.isEmpty, error == nil { error = unknown(word) }
      topics += found
    }
    return (topics, error)
  }

  private static func unknown(_ word: String) -> UsageError {
    let shown = SafeText.string(word)
    if let near = TopicIndex.all.nearest(to: word) {
      return UsageError("nothing is known of '\(shown)'; did you mean \(near)?")
    }
    return UsageError("nothing is known of '\(shown)'; 'sockinspect explain' lists the topics")
  }
}

/// Topics as a JSON document.
private enum TopicJSON {
  static func append(
    _ topics: [Topic], _ head: ReportHead, isList: Bool, _ writer: inout ByteWriter
  ) {
    JSONTable(head, list: "topics") { topic, _, json, writer in
      append(copy topic, isList: isList, &json, &writer)
    }.write(topics, to: &writer)
  }

  /// In a list of all topics only what each is.
  private static func append(
    _ topic: Topic, isList: Bool, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.open("{", &writer)
    json.member("name", text: topic.name, &writer)
    strings("kinds", topic.labels.map(\.group.singular), &json, &writer)
    let spellings = topic.labels.dropFirst().map(\.name) + topic.spellings
    strings("spellings", spellings, &json, &writer)
    json.member("means", text: Prose(topic.means).plain, &writer)
    if !isList {
      strings("text", topic.text.map { Prose($0).plain }, &json, &writer)
      append(topic.sections, &json, &writer)
      strings("look", topic.look, &json, &writer)
    }
    json.close("}", &writer)
  }

  private static func append(
    _ sections: [Topic.Section], _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    guard !sections.isEmpty else { return }
    json.key("sections", &writer)
    json.open("[", &writer)
    for section in sections {
      json.open("{", &writer)
      json.member("title", text: section.title, &writer)
      strings("lines", section.lines.map { Prose($0).plain }, &json, &writer)
      json.close("}", &writer)
    }
    json.close("]", &writer)
  }

  /// Left out where there are none.
  private static func strings(
    _ name: StaticString, _ values: [String], _ json: inout JSONWriter,
    _ writer: inout ByteWriter
  ) {
    if !values.isEmpty { json.member(name, texts: values, &writer) }
  }
}
