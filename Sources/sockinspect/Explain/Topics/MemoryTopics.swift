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
