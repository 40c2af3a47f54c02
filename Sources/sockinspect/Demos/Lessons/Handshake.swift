extension Lesson {
  static var handshake: Lesson {
    Lesson(
      name: "handshake", title: "One connection, step by step",
      teaches: "T.", steps: [.say("Hello `accept(2)` and (`x`), *y*."), .run("sockinspect -tln sport = :9000", .none("LISTEN …")), .others([.other("ss -tln sport = :9000")], limits: "No.")])
  }
}
