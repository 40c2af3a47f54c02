import ProcNet

extension Topic {
  /// Words behind a row.
  static var words: [Topic] {
    RowWord.all.map { word in
      Topic(
        group: .word, names: [word.name] + word.shown.split(separator: " ").map(String.init),
        means: word.means, text: word.more.isEmpty ? [] : [word.more], look: [word.look])
    } + memory
  }

  /// The fields of `tcp_info`: each is a column, a key of JSON, and mostly a word behind a row.
  static var tcpInfo: [Topic] {
    TCPInfoDescription.all.map { words in
      let field = TCPInfoField.all.first { $0.key == words.key }
      var labels = [Label(group: .key, name: words.key)]
      let column = SocketColumns.tcp.first { $0.key == words.key }
      if let column { labels.insert(Label(group: .listColumn, name: column.name), at: 0) }
      if !words.word.isEmpty { labels.append(Label(group: .word, name: words.word)) }
      let source = field.map {
        "Field \($0.name) of `struct tcp_info`, \($0.unit.words), since Linux \($0.since)."
      }
      return Topic(
        labels: labels, spellings: field.map { [$0.name, "tcp.\(words.key)"] } ?? [],
        means: words.means, text: [words.more, source].compactMap(\.self),
        look: [
          words.word.isEmpty
            ? "sockinspect -ta --columns +\(column?.name ?? words.key)" : "sockinspect -tani"
        ])
    }
  }
}
