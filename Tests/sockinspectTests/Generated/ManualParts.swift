import Foundation

@testable import sockinspect

/// The parts of a manual page that are made from the descriptions of commands, options, columns and
/// keys.
///
/// A part begins with a comment that says what belongs there, `generated: keys of socket.memory` or
/// `generated: columns of list:` with names in further comments, and ends with `generated: end`.
/// Below an option or a word there can be more text, behind a comment `and:`; it is kept.
struct ManualParts {
  /// Something that a mark names and that is not there.
  struct UnknownName: Error {
    let name: String
  }

  private static let begin = ".\\\" generated: "
  private static let more = ".\\\"   "
  private static let end = begin + "end"
  private static let and = ".\\\" and:"

  private let lines: [String]
  /// The heading under which the keys of an object are listed.
  private let headings: [String: String]
  /// Options that a part names, by command; a part without names has all others.
  private let named: [String: Set<String>]

  init(page: String) {
    lines = page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var headings: [String: String] = [:]
    var heading = ""
    for line in lines {
      if line.hasPrefix(".Ss ") || line.hasPrefix(".Sh ") { heading = String(line.dropFirst(4)) }
      let mark = Self.begin + "keys of "
      if line.hasPrefix(mark), !line.hasSuffix(":") {
        headings[String(line.dropFirst(mark.count))] = heading
      }
    }
    self.headings = headings
    var named: [String: Set<String>] = [:]
    for place in lines.indices where lines[place].hasPrefix(Self.begin + "options of ") {
      let parts = Self.mark(lines[place...]).text.split(separator: ":").map(String.init)
      guard parts.count > 1, let command = parts[0].split(separator: " ").last else { continue }
      named[String(command), default: []].formUnion(parts[1].split(separator: " ").map(String.init))
    }
    self.named = named
  }

  /// What a comment and those behind it say belongs there, and how many lines they are.
  private static func mark(_ lines: ArraySlice<String>) -> (text: String, lines: Int) {
    let others = lines.dropFirst().prefix { $0.hasPrefix(more) }
    let text = [lines.first?.dropFirst(begin.count) ?? ""] + others.map { $0.dropFirst(more.count) }
    return (text.joined(separator: " "), text.count)
  }

  /// The page with every part made anew.
  var filled: String {
    get throws {
      var filled: [String] = []
      var rest = lines[...]
      while let line = rest.first {
        guard line.hasPrefix(Self.begin) else {
          filled.append(rest.removeFirst())
          continue
        }
        let mark = Self.mark(rest)
        filled += rest.prefix(mark.lines)
        rest = rest.dropFirst(mark.lines)
        guard let end = rest.firstIndex(of: Self.end) else { throw UnknownName(name: "end") }
        filled += try part(mark.text, Array(rest[..<end])) + [Self.end]
        rest = rest[end...].dropFirst()
      }
      return filled.joined(separator: "\n")
    }
  }

  private func part(_ mark: String, _ old: [String]) throws -> [String] {
    let pieces = mark.split(separator: ":").map(String.init)
    let names = pieces.count > 1 ? pieces[1].split(separator: " ").map(String.init) : nil
    switch pieces[0] {
    case "commands":
      return try list(
        CommandList.all.map { Item("Cm \($0.name)", Self.plain.text($0.summary, nil)) }, old,
        width: "completions", isCompact: true)
    case "common options":
      return try list(Option<ListArguments>.common.map { item(OptionDescription($0)) }, old)
    case let other where other.hasPrefix("options of "):
      let options = try options(of: String(other.dropFirst("options of ".count)), names)
      return try list(options.map(item), old)
    case let other where other.hasPrefix("common options of "):
      let options = try command(String(other.dropFirst("common options of ".count))).options
      return try list(options.filter(Self.isCommon).map(item), old, isCompact: true)
    case let other where other.hasPrefix("words of "):
      let command = try command(String(other.dropFirst("words of ".count)))
      let title = (names ?? []).joined(separator: " ")
      let words = try known(command.glossaries.first { $0.title == title }, title).words
      return try list(words.map { Item("Cm \($0.word)", Self.plain.text($0.meaning, nil)) }, old)
    case "columns of list": return try columns(.sockets, names)
    case "columns of listen": return try columns(.listeners, names)
    case "columns of counters": return try columns(.counters, names)
    case let other where other.hasPrefix("keys of "):
      let path = String(other.dropFirst("keys of ".count))
      return list(try keys(of: path, names), in: path)
    default: throw UnknownName(name: mark)
    }
  }

  // Commands, options and their words.

  /// An item of a list that may have more text than its description.
  private struct Item {
    let title: String
    let text: [String]

    init(_ title: String, _ text: [String]) { (self.title, self.text) = (title, text) }

    /// What it is found by again: its first spelling.
    var key: Substring { title.prefix { $0 != "," } }
  }

  private static let plain = ManualStyle(names: [], name: "Cm", word: "Li")

  private func command(_ name: String) throws -> Command {
    try known(CommandList.named(name), name)
  }

  private func options(of name: String, _ names: [String]?) throws -> [OptionDescription] {
    let all = try command(name).options
    if let names {
      return try names.map { name in try known(all.first { $0.names.contains(name) }, name) }
    }
    let others = named[name] ?? []
    return all.filter { !Self.isCommon($0) && others.isDisjoint(with: $0.names) }
  }

  /// What means the same in every command that has it: sockinspect(1) says more of it.
  static func isCommon(_ option: OptionDescription) -> Bool {
    Option<ListArguments>.common.contains { $0.names == option.names && $0.help == option.help }
  }

  private func item(_ option: OptionDescription) -> Item {
    let names = option.spellings.map { $0.dropFirst() }.joined(separator: " , ")
    let style = ManualStyle(names: Set(option.choices), name: "Cm", word: "Li")
    return Item(
      "Fl \(names)" + (option.argument.map { " Ar \($0)" } ?? ""),
      style.text(Self.marked(option.help, option.choices), nil))
  }

  /// The words that an argument can be, as literals.
  private static func marked(_ help: String, _ choices: [String]) -> String {
    help.replacing(/[A-Za-z0-9_\/-]+/) { match in
      choices.contains(String(match.output)) ? "`\(match.output)`" : String(match.output)
    }
  }

  private func list(
    _ items: [Item], _ old: [String], width: String = "Ds", isCompact: Bool = false
  ) throws -> [String] {
    var kept = Self.kept(old)
    let items = items.flatMap { item in
      [".It \(item.title)"] + item.text + (kept.removeValue(forKey: item.key) ?? [])
    }
    if let lost = kept.keys.first { throw UnknownName(name: "\(lost), which has text") }
    return [".Bl -tag -width \(width)" + (isCompact ? " -compact" : "")] + items + [".El"]
  }

  /// What people have added to items, by their keys.
  private static func kept(_ old: [String]) -> [Substring: [String]] {
    var kept: [Substring: [String]] = [:]
    var item = Item("", [])
    var depth = 0
    for line in old {
      if line == ".El" { depth -= 1 }
      if line.hasPrefix(".It "), depth == 1 {
        item = Item(String(line.dropFirst(4)), [])
      } else if depth > 0, kept[item.key] != nil || line == and {
        kept[item.key, default: []].append(line)
      }
      if line.hasPrefix(".Bl ") { depth += 1 }
    }
    return kept
  }

  // Columns.

  private func columns<Row>(_ set: ColumnSet<Row>, _ names: [String]?) throws -> [String] {
    let chosen = try names.map { try $0.map { try known(set[$0], $0) } } ?? set.all
    let style = ManualStyle(names: Set(set.all.map(\.name)), name: "Cm", word: "Li")
    let width = chosen.map(\.name).max { $0.count < $1.count } ?? ""
    return [".Bl -tag -width \(width)"]
      + chosen.flatMap { column in
        [".It Cm \(column.name)"] + style.text(column.meaning, column.detail)
          + style.list(column.words)
      } + [".El"]
  }

  // Keys.

  private func keys(of path: String, _ names: [String]?) throws -> [JSONKey] {
    let steps = path.split(separator: ".").map(String.init)
    let object = try known(JSONObject.all.first { $0.name == steps[0] }, path)
    var keys = object.keys
    for step in steps.dropFirst() {
      let inner = try known(keys.first { $0.name == step }, path)
      if case .oneOf = inner.type { return [inner] }
      keys = inner.type.objects.flatMap(\.keys)
    }
    guard let names else { return keys }
    return try names.map { name in try known(keys.first { $0.name == name }, name) }
  }

  private func known<Found>(_ found: Found?, _ name: String) throws -> Found {
    guard let found else { throw UnknownName(name: name) }
    return found
  }

  private static let style = ManualStyle(
    names: Set(JSONObject.places.map(\.key.name)), name: "Va", word: "Sy")

  private func list(_ keys: [JSONKey], in path: String, isNested: Bool = false) -> [String] {
    if let only = keys.first, case .oneOf(let objects) = only.type { return variants(objects) }
    let width = isNested ? "Ds" : keys.map(\.name).max { $0.count < $1.count } ?? ""
    return [".Bl -tag -width \(width) -compact"] + keys.flatMap { item($0, in: path) } + [".El"]
  }

  /// What depends on which of several writes the object.
  private func variants(_ objects: [JSONObject]) -> [String] {
    [".Bl -tag -width Ds -compact"]
      + objects.flatMap { object in
        [".It Sy \(object.name)"] + list(object.keys, in: "", isNested: true)
      } + [".El"]
  }

  private func item(_ key: JSONKey, in path: String) -> [String] {
    let inner = path == "document" ? key.name : "\(path).\(key.name)"
    let (form, nested) = form(of: key, inner)
    return [".It Va \(key.name)"]
      + Self.style.text(key.meaning, [key.detail, form].compactMap(\.self).joined(separator: " "))
      + Self.style.list(key.words) + nested
  }

  /// What a value looks like where its meaning does not say it, and the list of what is in it.
  private func form(of key: JSONKey, _ path: String) -> (sentence: String?, nested: [String]) {
    switch key.type {
    case .flag: return (key.meaning.hasPrefix("whether ") ? nil : "True or false.", [])
    case .alwaysTrue: return (nil, [])
    case .word(let words):
      let said = key.meaning + (key.detail ?? "") + key.words.map(\.word).joined()
      if words.allSatisfy({ said.contains($0) }) { return (nil, []) }
      return ("One of \(Self.listed(words)).", [])
    case .list(.word(let words), _): return ("An array of \(Self.listed(words)).", [])
    case .list(let type, _): return inside(type, "An array", "An array of objects:", path)
    case .map: return ("An object.", [])
    default: return inside(key.type, "An object", "An object:", path)
    }
  }

  private func inside(
    _ type: JSONType, _ name: String, _ introduction: String, _ path: String
  ) -> (sentence: String?, nested: [String]) {
    switch type {
    case .reference(let object):
      if let heading = headings[object] { return ("\(name), see *\(heading)*.", []) }
      let keys = JSONObject.all.first { $0.name == object }?.keys ?? []
      return (introduction, list(keys, in: object, isNested: true))
    case .either(let objects):
      let headings = objects.compactMap { self.headings[$0] }.map { "*\($0)*" }
      return ("\(name), see \(headings.joined(separator: " and ")).", [])
    case .object(let keys):
      if let heading = headings[path] { return ("\(name), see *\(heading)*.", []) }
      return (introduction, list(keys, in: path, isNested: true))
    case .oneOf: return (headings[path].map { "\(name), see *\($0)*." }, [])
    case .map: return ("\(name) of objects.", [])
    default: return (name == "An array" ? "An array." : nil, [])
    }
  }

  private static func listed(_ words: [String]) -> String {
    let words = words.map { "`\($0)`" }
    return words.dropLast().joined(separator: ", ") + " or \(words.last ?? "")"
  }
}

/// How a page writes names, words and references.
struct ManualStyle {
  /// What is described in the page by this name, and the macro for it.
  let names: Set<String>
  let name: String
  /// The macro for any other word.
  let word: String

  /// A phrase and what there is to add to it.
  func text(_ phrase: String, _ detail: String?) -> [String] {
    let text = [Prose.sentence(phrase), detail].compactMap(\.self).joined(separator: " ")
    return ManualText.paragraph(text, term: "Sx", literal: macro).split(separator: "\n")
      .map(String.init)
  }

  /// Words, each with what it means.
  func list(_ words: [DescribedWord]) -> [String] {
    guard !words.isEmpty else { return [] }
    let width = words.map(\.word).max { $0.count < $1.count } ?? ""
    return [".Bl -tag -width \(width) -compact"]
      + words.flatMap { [".It \(word) \($0.word)"] + text($0.meaning, nil) } + [".El"]
  }

  private func macro(_ literal: String) -> String? {
    let words = literal.split(separator: " ").map(String.init)
    if let first = words.first, CommandList.named(first) != nil || first.contains(/^--?[a-z]/) {
      return words.map(commandWord).joined(separator: " ")
    }
    if names.contains(literal) { return "\(name) \(literal)" }
    if literal.hasPrefix("/") { return "Pa \(literal)" }
    if literal.contains(/^[A-Z][A-Z0-9]*_[A-Z0-9_*]+$/) { return "Dv \(literal)" }
    if literal.contains(/^[a-z_]+(\.[a-z_]+)+$/) { return "Va \(literal)" }
    if literal.contains(/^[A-Za-z0-9_][A-Za-z0-9_ -]*$/) {
      return "\(word) \(ManualText.argument(literal))"
    }
    return nil
  }

  /// A word of a command line.
  private func commandWord(_ word: String) -> String {
    if word.hasPrefix("-") { return "Fl \(word.dropFirst())" }
    return word == word.uppercased() ? "Ar \(word)" : "Cm \(word)"
  }
}
