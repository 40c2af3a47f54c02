/// `sockinspect demo [NAME]`.
enum DemoCommand {
  static func run(_ words: [String]) throws -> ExitStatus {
    if words == ["--manual"] {
      try CourseManual.write()
      return .done
    }
    return try GuidedDemo.run(
      name: words.first { !$0.hasPrefix("-") }, pauses: !words.contains("--no-pause"))
  }
}
