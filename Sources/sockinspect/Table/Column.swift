import Diagnosis
import ProcNet

/// A word of a column or key that has few of them, with what it means.
typealias DescribedWord = (word: String, meaning: String)

/// One column of a table: described once, used by every format, `--columns`, `--sort`,
/// `--list-columns`, the manual and `explain`.
///
/// Its closures get the row and what the row can be joined with: owners, names, services.
struct Column<Row>: Sendable {
  typealias Reading<Result> = @Sendable (borrowing Row, any SocketContext) -> Result
  typealias Writing = @Sendable (borrowing Row, any SocketContext, inout ByteWriter) -> Void

  /// As typed after `--columns`, and the heading of CSV.
  private(set) var name: String
  /// Another name that is understood: one that it had once, or JSON's, which has the unit.
  private(set) var otherName: String?
  /// Words that a filter and other tools have for it; understood, and answered by its own name.
  private(set) var aliases: [String] = []
  /// The heading of the table.
  let heading: String
  /// What it shows, with its unit: a phrase without a full stop, with marks as `Prose` reads them.
  let meaning: String
  /// What has to be collected before it can tell.
  private(set) var needs: Needs
  let value: Reading<Value>
  /// Sentences that the phrase has no room for, for `explain` and the manual.
  private(set) var detail: String?
  /// What it can say, each with what that means.
  private(set) var words: [DescribedWord] = []
  private(set) var isRightAligned: Bool
  /// What a terminal shows instead of the value where that is shorter.
  private(set) var brief: Reading<Value>?
  /// The colour of a cell; nil leaves it to the table.
  private(set) var tone: Reading<Palette.Tone>?
  /// Writes the cell without a value in between, where a listing has very many.
  private var writing: Writing?
  /// Columns of the screen that its usual values take; for tables that do not wait for all rows.
  private(set) var usualWidth = 5
  /// To which width it gives way where the rows do not fit; nil: that of its heading.
  private(set) var leastWidth: Int?
  /// A text of several words, which wraps beside the other columns when it is the last.
  private(set) var isProse = false
  /// Left out on a terminal, unless asked for, where it has nothing to tell of any row.
  private(set) var isOptional = false
  /// Left out on a terminal where rows do not fit; the lowest first.
  private(set) var givesWay: Int?

  init(
    _ name: String, _ heading: String, _ meaning: String, needs: Needs = [], right: Bool = false,
    value: @escaping Reading<Value>
  ) {
    (self.name, self.heading, self.meaning, self.needs) = (name, heading, meaning, needs)
    self.value = value
    isRightAligned = right
  }

  /// A column of one number.
  static func number(
    _ name: String, _ heading: String, _ meaning: String, needs: Needs = [],
    _ value: @escaping @Sendable (borrowing Row) -> Value
  ) -> Column {
    Column(name, heading, meaning, needs: needs, right: true) { row, _ in value(row) }
  }

  /// A column of names that others have chosen.
  static func name(
    _ name: String, _ heading: String, _ meaning: String, needs: Needs = [],
    _ value: @escaping Reading<[UInt8]?>
  ) -> Column {
    Column(name, heading, meaning, needs: needs) { .name(value($0, $1)) }
  }

  /// A column whose text is written as it is to be read; `-` is unknown.
  static func written(
    _ name: String, _ heading: String, _ meaning: String, needs: Needs = [], right: Bool = false,
    _ write: @escaping Writing
  ) -> Column {
    var column = Column(name, heading, meaning, needs: needs, right: right) { row, context in
      var writer = ByteWriter(capacity: 64)
      write(row, context, &writer)
      let text = writer.bytes
      return text == [UInt8(ascii: "-")] ? .unknown : .words(text)
    }
    column.writing = write
    return column
  }

  // What few columns have.

  func explained(_ detail: String?, words: [DescribedWord] = []) -> Column {
    with { ($0.detail, $0.words) = (detail, words) }
  }
  func brief(_ value: @escaping Reading<Value>) -> Column { with { $0.brief = value } }
  func toned(_ tone: @escaping Reading<Palette.Tone>) -> Column { with { $0.tone = tone } }
  func usually(wide width: Int) -> Column { with { $0.usualWidth = width } }
  func atLeast(wide width: Int) -> Column { with { $0.leastWidth = width } }
  func prose() -> Column { with { $0.isProse = true } }
  func givingWay(_ rank: Int) -> Column { with { $0.givesWay = rank } }
  func optional() -> Column { with { $0.isOptional = true } }
  func always() -> Column { with { $0.isOptional = false } }
  func also(_ name: String) -> Column { with { $0.otherName = name } }
  func aliased(_ names: [String]) -> Column { with { $0.aliases += names } }
  func named(_ name: String) -> Column { with { $0.name = name } }
  /// Written without a value in between.
  func direct(_ write: @escaping Writing) -> Column { with { $0.writing = write } }

  private func with(_ change: (inout Column) -> Void) -> Column {
    var column = self
    change(&column)
    return column
  }

  /// Whether it says anything of these rows, or is there all the same.
  func tells(of rows: some Sequence<Row>, _ context: any SocketContext) -> Bool {
    !isOptional || rows.contains { !value($0, context).isNothing }
  }

  /// The key in JSON: `recv_q` for `recv-q`.
  var key: String { String(name.map { $0 == "-" ? "_" : $0 }) }

  /// What writes a cell as people read it; tables of very many rows keep it instead of the column.
  var cellWriter: Writing {
    if let writing { return writing }
    let value = value
    return { row, context, writer in value(row, context).append(to: &writer) }
  }

  /// The cell as people read it.
  func append(_ row: borrowing Row, _ context: any SocketContext, to writer: inout ByteWriter) {
    if let writing { return writing(row, context, &writer) }
    value(row, context).append(to: &writer)
  }

  /// The cell as text for other documents; empty where it is not known.
  func plainText(_ row: borrowing Row) -> String {
    var writer = ByteWriter(capacity: 64)
    value(row, UnknownContext()).appendPlain(to: &writer)
    return writer.text
  }

  /// The cell on a terminal.
  func appendBrief(
    _ row: borrowing Row, _ context: any SocketContext, to writer: inout ByteWriter
  ) {
    let shown = brief ?? value
    if brief == nil, writing != nil { return append(row, context, to: &writer) }
    switch shown(row, context) {
    // People read `3.4 s`; in a pipe it is one word.
    case .duration(let milliseconds): writer.append(Phrase.duration(milliseconds))
    case let value: value.append(to: &writer)
    }
  }
}

/// What has to be collected around the sockets before rows can be filtered or shown.
struct Needs: OptionSet, Sendable {
  let rawValue: UInt16

  /// `/proc/<pid>/fd` of every process.
  static let owners = Needs(rawValue: 1)
  /// The listening sockets, to tell queued connections from orphans.
  static let ownership = Needs(rawValue: 2)
  /// Which socket is the other end of which.
  static let peers = Needs(rawValue: 4)
  /// Parts of the socket's details.
  static let tcp = Needs(rawValue: 8)
  static let memory = Needs(rawValue: 16)
  static let attributes = Needs(rawValue: 32)

  private static let pairs: [(Needs, SocketQuery.Details)] = [
    (.tcp, .tcp), (.memory, .memory), (.attributes, .attributes),
  ]

  init(rawValue: UInt16) { self.rawValue = rawValue }

  init(_ details: SocketQuery.Details) {
    self = []
    for (need, part) in Self.pairs where details.contains(part) { insert(need) }
  }

  var details: SocketQuery.Details {
    var details: SocketQuery.Details = []
    for (need, part) in Self.pairs where contains(need) { details.insert(part) }
    return details
  }
}
