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
    TCPInfoDescription.all.map { described in
      let field = described.field
      var labels = [Label(group: .key, name: field.key)]
      let column = SocketColumns.tcp.first { $0.key == field.key }
      if let column { labels.insert(Label(group: .listColumn, name: column.name), at: 0) }
      if !described.word.isEmpty { labels.append(Label(group: .word, name: described.word)) }
      return Topic(
        labels: labels, spellings: [field.name, "tcp.\(field.key)"],
        means: Prose.sentence(described.meaning),
        text: [described.detail, "Field \(field.name) of `struct tcp_info`."].compactMap(\.self),
        look: [
          described.word.isEmpty
            ? "sockinspect -ta --columns +\(column?.name ?? field.key)" : "sockinspect -tani"
        ])
    }
  }
}
