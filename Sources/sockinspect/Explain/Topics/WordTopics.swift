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

extension Topic {
  /// `skmem:(r0,rb131072,…)` as a whole, and each of its letters.
  static var memory: [Topic] {
    [
      Topic(
        group: .word, names: ["skmem", "skmem:(…)"],
        means: "Memory of the socket in bytes, the kernel's overhead included; and drops.",
        sections: memoryLetters.map { Section(title: $0.letter, lines: [sentence($0.key)]) },
        look: ["sockinspect -tanm"])
    ]
      + memoryLetters.map { letter, key in
        Topic(
          group: .word, names: [letter], means: sentence(key),
          text: ["One of the numbers of `skmem:(…)`, which -m shows. JSON: `\(key)`."],
          look: ["sockinspect -tanm"])
      }
  }

  /// In ss's order; the keys are those of `memory` in JSON.
  private static let memoryLetters: [(letter: String, key: String)] = [
    ("r", "receive_allocated"), ("rb", "receive_limit"), ("t", "send_allocated"),
    ("tb", "send_limit"), ("f", "forward_allocated"), ("w", "send_queued"), ("o", "options"),
    ("bl", "backlog"), ("d", "drops"),
  ]

  private static func sentence(_ key: String) -> String {
    let place = JSONObject.places.first { $0.object == "socket.memory" && $0.key.name == key }
    return Prose.sentence(place?.key.meaning ?? key)
  }
}

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
