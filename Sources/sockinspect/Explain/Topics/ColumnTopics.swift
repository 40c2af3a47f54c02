extension Topic {
  /// Columns of `list` but those of tcp_info.
  static var listColumns: [Topic] {
    let tcp = Set(SocketColumns.tcp.map(\.name))
    return ColumnSet.sockets.all.filter { !tcp.contains($0.name) }.map { column in
      Topic(
        labels: [Label(group: .listColumn, name: column.name)]
          + (key(of: column).map { [$0] } ?? []), spellings: [column.heading],
        means: Prose.sentence(column.meaning), text: column.detail.map { [$0] } ?? [],
        sections: column.words.map {
          Section(title: $0.word, lines: [Prose.sentence($0.meaning)])
        }, look: ["sockinspect -ta --columns +\(column.name)"])
    }
  }

  static var listenColumns: [Topic] {
    ColumnSet.listeners.all.map { column in
      Topic(
        group: .listenColumn,
        names: [column.name, column.heading] + (column.otherName.map { [$0] } ?? []),
        means: Prose.sentence(column.meaning), text: column.detail.map { [$0] } ?? [],
        look: ["sockinspect listen --columns +\(column.name)"])
    }
  }

  static var counterColumns: [Topic] {
    ColumnSet.counters.all.map { column in
      Topic(
        group: .counterColumn, names: [column.name, column.heading],
        means: Prose.sentence(column.meaning), text: column.detail.map { [$0] } ?? [],
        look: ["sockinspect counters --columns +\(column.name)"])
    }
  }
}
