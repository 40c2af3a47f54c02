extension Topic {
  /// `skmem:(r0,rb131072,…)` as a whole, and each of its letters.
  static var memory: [Topic] {
    [
      Topic(
        group: .word, names: ["skmem", "skmem:(…)"],
        means: "Memory of the socket in bytes, the kernel's overhead included; and drops.",
        sections: memoryLetters.map { Section(title: $0.letter, lines: [$0.means]) },
        look: ["sockinspect -tanm"])
    ]
      + memoryLetters.map {
        Topic(
          group: .word, names: [$0.letter], means: $0.means,
          text: ["One of the numbers of `skmem:(…)`, which -m shows. JSON: `\($0.key)`."],
          look: ["sockinspect -tanm"])
      }
  }

  /// In ss's order; the keys are those of `memory` in JSON.
  private static let memoryLetters: [(letter: String, key: String, means: String)] = [
    ("r", "receive_allocated", "Memory of what has been received and not read."),
    (
      "rb", "receive_limit",
      "Limit of that memory: SO_RCVBUF, which the kernel can raise on its own."
    ),
    ("t", "send_allocated", "Memory of segments that have been handed to the interface's queue."),
    ("tb", "send_limit", "Limit of the memory for sending: SO_SNDBUF, which the kernel can raise."),
    ("f", "forward_allocated", "Memory that the socket has reserved and not used yet."),
    ("w", "send_queued", "Memory of what was written and is not acknowledged, sent or not."),
    ("o", "options", "Memory of options of the socket, such as filters attached to it."),
    (
      "bl", "backlog",
      "Memory of segments that arrived while a program was within a call on the socket."
    ),
    (
      "d", "drops",
      "Packets dropped at this socket; of a listener, segments of clients that wanted to connect."
    ),
  ]
}
