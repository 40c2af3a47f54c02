import ProcNet

/// Names the network namespace in findings, and makes their commands enter it, where that is not
/// the tool's own.
///
/// A socket is followed by its namespace, `10.0.0.2:5432 in netns blue`; a process has it behind
/// its number, `nginx (pid 812, netns blue)`; once in a title, once in a story.
struct NamespacedFindings {
  private let names: NamespaceNames

  init(_ names: NamespaceNames) { self.names = names }

  func named(_ findings: [Finding]) -> [Finding] {
    names.isEmpty ? findings : findings.map(named)
  }

  private func named(_ finding: Finding) -> Finding {
    var named = finding
    let about = namespace(of: finding).flatMap { names[$0] }
    let processes = processes(of: finding)
    named.title = title(finding, about, processes)
    named.story = story(finding, about, processes)
    named.chain = finding.chain.map { link($0, processes) }
    for index in named.workers.indices {
      named.workers[index].process.place = processes[named.workers[index].process.process]?.short
    }
    named.namespaceName = about?.text
    if let about {
      let commands = NamespaceCommands(about)
      named.check = finding.check.map(commands.line)
      named.remedy = finding.remedy.map(commands.prose)
    }
    return named
  }

  private func namespace(of finding: Finding) -> UInt32? {
    if let namespace = finding.namespace { return namespace }
    switch finding.subject {
    case .listener(let name), .socket(let name): return name.namespace
    case .process(let name): return names.namespace(ofProcess: name.process)
    case .host: return nil
    }
  }

  /// The processes in the finding that live in another namespace.
  private func processes(of finding: Finding) -> [Int32: NamespaceName] {
    var numbers = Set(finding.evidence.compactMap(\.place.process))
    if case .process(let name) = finding.subject { numbers.insert(name.process) }
    for link in finding.chain {
      numbers.insert(link.process.process)
      if let target = link.waitsFor?.process { numbers.insert(target.process) }
    }
    return numbers.reduce(into: [:]) { found, number in
      found[number] = names.namespace(ofProcess: number).flatMap { names[$0] }
    }
  }

  // MARK: texts

  private func title(
    _ finding: Finding, _ about: NamespaceName?, _ processes: [Int32: NamespaceName]
  ) -> String {
    var title = finding.title
    if let about, let anchor = anchor(finding.subject) {
      title = NamespaceText(title).after(anchor, " in \(about.text)")
    }
    title = withPeers(title, finding.chain, processes)
    title = withProcesses(title, processes)
    guard let about, !Self.says(title, about) else { return title }
    return "In \(about.text): \(title)"
  }

  private func story(
    _ finding: Finding, _ about: NamespaceName?, _ processes: [Int32: NamespaceName]
  ) -> [String] {
    var story = finding.story
    if let about, let anchor = anchor(finding.subject),
      let place = story.firstIndex(where: { NamespaceText($0).contains(anchor) })
    {
      story[place] = NamespaceText(story[place]).after(anchor, " in \(about.text)")
    }
    for (number, name) in processes.sorted(by: { $0.key < $1.key })
    where !story.contains(where: { Self.says($0, name) }) {
      guard let place = story.firstIndex(where: { NamespaceText($0).contains("pid \(number)") })
      else { continue }
      story[place] = NamespaceText(story[place]).after("pid \(number)", ", \(name.short)")
    }
    return story
  }

  /// The other end of a connection that the chain follows into another namespace.
  private func withPeers(
    _ text: String, _ chain: [ChainLink], _ processes: [Int32: NamespaceName]
  ) -> String {
    var text = text
    for target in chain.compactMap(\.waitsFor) {
      guard let peer = target.socket?.peer, let process = target.process,
        let name = processes[process.process], !Self.says(text, name)
      else { continue }
      text = NamespaceText(text).after(Phrase.endpoint(peer), " in \(name.text)")
    }
    return text
  }

  /// Each namespace once: the first process of it that is mentioned.
  private func withProcesses(_ text: String, _ processes: [Int32: NamespaceName]) -> String {
    var text = text
    for (number, name) in processes.sorted(by: { $0.key < $1.key }) where !Self.says(text, name) {
      text = NamespaceText(text).after("pid \(number)", ", \(name.short)")
    }
    return text
  }

  private func anchor(_ subject: Subject) -> String? {
    switch subject {
    case .listener(let name), .socket(let name): name.text
    case .process, .host: nil
    }
  }

  private static func says(_ text: String, _ name: NamespaceName) -> Bool {
    NamespaceText(text).contains(name.text) || NamespaceText(text).contains(name.short)
  }

  private func link(_ link: ChainLink, _ processes: [Int32: NamespaceName]) -> ChainLink {
    var named = link
    named.process.place = processes[link.process.process]?.short
    guard let target = link.waitsFor, let process = target.process,
      let name = processes[process.process]
    else { return named }
    named.waitsFor?.text =
      NamespaceText(target.text).after("pid \(process.process)", ", \(name.short)")
    return named
  }
}

/// A text into which something is put behind a name or number.
struct NamespaceText {
  private let text: [UInt8]

  init(_ text: String) { self.text = Array(text.utf8) }

  func contains(_ word: String) -> Bool { end(of: Array(word.utf8)) != nil }

  /// The text with an addition behind the first mention of a word; as it is without one.
  func after(_ word: String, _ addition: String) -> String {
    guard let end = end(of: Array(word.utf8)) else { return String(rawBytes: text) }
    let whole = Array(text[..<end]) + Array(addition.utf8) + Array(text[end...])
    return String(rawBytes: whole)
  }

  /// Behind the word where no digit or letter goes on: `pid 81` is not in `pid 812`.
  private func end(of word: [UInt8]) -> Int? {
    guard !word.isEmpty, text.count >= word.count else { return nil }
    return (0...text.count - word.count).lazy
      .filter { self.text[$0] == word[0] && self.text[$0..<$0 + word.count] == word[...] }
      .map { $0 + word.count }
      .first { $0 == self.text.count || !Self.goesOn(self.text[$0]) }
  }

  private static func goesOn(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
  }
}

/// Commands that have to run in another network namespace.
struct NamespaceCommands {
  private let name: NamespaceName

  init(_ name: NamespaceName) { self.name = name }

  /// What shows the namespace of the process that runs it.
  private static let ofNamespace: Set<Substring> = [
    "ss", "sysctl", "nstat", "netstat", "tcpdump", "ip", "ping",
  ]
  /// Commands of ours that take `--netns`.
  private static let ours: Set<Substring> = [
    "list", "listen", "diagnose", "counters", "kill", "watch", "metrics",
  ]

  /// One command of a shell.
  func line(_ line: String) -> String {
    let words = line.split(separator: " ", maxSplits: 2)
    guard let first = words.first else { return line }
    if first == "sockinspect", words.count > 1, Self.ours.contains(words[1]) {
      let rest = words.count > 2 ? " \(words[2])" : ""
      return "sockinspect \(words[1]) --netns \(name.choice)\(rest)"
    }
    let readsTable = NamespaceText(line).contains("/proc/net")
    return Self.ofNamespace.contains(first) || readsTable ? "\(name.entry) \(line)" : line
  }

  /// The commands between backquotes.
  func prose(_ text: String) -> String {
    text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .map { $0.offset % 2 == 1 ? line(String($0.element)) : String($0.element) }
      .joined(separator: "`")
  }
}
