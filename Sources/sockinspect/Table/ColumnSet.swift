import ProcNet

/// The columns of one kind of table: what `--columns`, `--sort` and `--list-columns` are about.
struct ColumnSet<Row>: Sendable {
  /// Usual ones first: a group is made when a column was not found in those before it.
  private let groups: [@Sendable () -> [Column<Row>]]
  /// The command whose columns they are; nil for plain `sockinspect`.
  let command: String?

  init(groups: [@Sendable () -> [Column<Row>]], command: String? = nil) {
    (self.groups, self.command) = (groups, command)
  }

  init(_ all: [Column<Row>], command: String? = nil) {
    self.init(groups: [{ all }], command: command)
  }

  var all: [Column<Row>] { groups.flatMap { $0() } }

  subscript(name: String) -> Column<Row>? {
    for group in groups {
      if let column = group().first(where: { $0.name == name }) { return column }
    }
    return nil
  }

  func named(_ names: [String]) -> [Column<Row>] { names.compactMap { self[$0] } }

  /// `--columns a,b`; `+a` adds to the usual ones.
  func chosen(
    _ text: String?, usual: [String]
  ) throws(UsageError) -> [Column<Row>] {
    guard let text else { return named(usual) }
    var chosen = text.hasPrefix("+") ? named(usual) : []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      chosen.append(try column(String(word.hasPrefix("+") ? word.dropFirst() : word)))
    }
    return chosen
  }

  /// `--sort COLUMN`, `--sort -COLUMN`.
  func order(_ text: String) throws(UsageError) -> RowOrder<Row> {
    let isDescending = text.hasPrefix("-")
    let column = try column(isDescending ? String(text.dropFirst()) : text)
    return RowOrder(column: column, isDescending: isDescending)
  }

  private func column(_ name: String) throws(UsageError) -> Column<Row> {
    let plain = String(name.lowercased().map { $0 == "_" ? "-" : $0 })
    if let column = self[plain] { return column }
    // Scripts that ask for another name find it in the answer.
    if let column = all.first(where: { $0.otherName == plain }) { return column.named(plain) }
    if let column = all.first(where: { $0.aliases.contains(plain) }) { return column }
    // What is copied from the screen is a heading.
    let near =
      all.first { $0.heading.lowercased() == name.lowercased() }?.name
      ?? NearestWord.to(name, among: all.map(\.name))
    let list = (command.map { "\($0) " } ?? "") + "--list-columns lists them all"
    let hint = near.map { "did you mean \($0)?" } ?? list
    throw UsageError("unknown column '\(SafeText.string(name))'; \(hint)")
  }

  /// `--list-columns`: a line each.
  func list() throws(KernelError) -> ExitStatus {
    var output = Output()
    let columns: [Column<Column<Row>>] = [
      Column("name", "Name", "name") { column, _ in .words(column.name) },
      Column("meaning", "Meaning", "meaning") { column, _ in
        .words(Prose(column.meaning).plain)
      }.prose(),
    ]
    AlignedTable(columns, showsHeader: false, width: OutputFile.standardOutput.width)
      .write(all, to: &output.writer)
    try output.flush()
    return .done
  }
}

/// Rows by what a column says of them; equals stay as they came, upwards and downwards.
struct RowOrder<Row>: Sendable {
  let column: Column<Row>
  /// Largest first.
  var isDescending = false

  func sorted(_ rows: [Row], _ context: any SocketContext) -> [Row] {
    let keyed = rows.enumerated().map {
      (position: $0.offset, key: column.value($0.element, context))
    }
    return keyed.sorted { left, right in
      if left.key < right.key { return !isDescending }
      if right.key < left.key { return isDescending }
      return left.position < right.position
    }.map { rows[$0.position] }
  }
}
