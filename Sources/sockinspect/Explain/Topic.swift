/// Something that can be read on the screen, with what there is to say of it.
///
/// Texts are prose as `Prose` reads it: `literal`.
struct Topic: Sendable {
  /// Where it is met, in the order in which topics are listed.
  enum Group: Int, Sendable, CaseIterable {
    case finding, state, ownership, timer, listColumn, listenColumn, counterColumn, word, term
    case key, counter

    var title: String {
      switch self {
      case .finding: "Findings of diagnose"
      case .state: "States"
      case .ownership: "Ownership: whom a socket belongs to"
      case .timer: "Timers"
      case .listColumn: "Columns of list"
      case .listenColumn: "Columns of listen"
      case .counterColumn: "Columns of counters"
      case .word: "Words behind a row (-e, -m, -i, -o)"
      case .term: "Settings, errors, system calls, models; words of diagnose"
      case .key: "Keys of JSON"
      case .counter: "Counters"
      }
    }

    /// One of them, as a heading names it.
    var singular: String {
      switch self {
      case .finding: "finding"
      case .state: "state"
      case .ownership: "standing"
      case .timer: "timer"
      case .listColumn: "column of list"
      case .listenColumn: "column of listen"
      case .counterColumn: "column of counters"
      case .word: "word behind a row"
      case .term: "term"
      case .key: "JSON key"
      case .counter: "counter"
      }
    }
  }

  /// Lines under a heading: what to do, what not to do.
  struct Section: Sendable {
    let title: String
    let lines: [String]
  }

  /// A group that the topic belongs to, and how it is called there.
  struct Label: Sendable, Equatable {
    let group: Group
    let name: String
  }

  /// At least one; the first gives the heading.
  let labels: [Label]
  /// Further ways to write it.
  let spellings: [String]
  /// One sentence or less.
  let means: String
  let text: [String]
  let sections: [Section]
  /// Commands that show more.
  let look: [String]

  init(
    labels: [Label], spellings: [String], means: String, text: [String] = [],
    sections: [Section] = [], look: [String] = []
  ) {
    self.labels = labels
    self.spellings = spellings
    self.means = means
    self.text = text
    self.sections = sections
    self.look = look
  }

  /// A topic of one group: its name there, and further spellings.
  init(
    group: Group, names: [String], means: String, text: [String] = [],
    sections: [Section] = [], look: [String] = []
  ) {
    self.init(
      labels: [Label(group: group, name: names[0])], spellings: Array(names.dropFirst()),
      means: means, text: text, sections: sections, look: look)
  }

  var name: String { labels[0].name }
  var names: [String] { labels.map(\.name) + spellings }
}
