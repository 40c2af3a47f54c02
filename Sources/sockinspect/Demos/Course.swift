/// The lessons in the order in which they build upon each other.
///
/// One file in `Lessons/` and one line here; a test compares the two.
enum Course {
  static var lessons: [Lesson] {
    [
      .handshake, .serial, .worker, .prefork, .thread, .pool, .event, .c10k, .upstream, .closeWait,
      .slowReader, .abandoned, .timeWait,
    ]
  }

  static func named(_ name: String) -> Lesson? { lessons.first { $0.name == name } }

  /// The lesson behind a lesson; nil at the end of the course.
  static func next(after lesson: Lesson) -> Lesson? {
    let all = lessons
    guard let place = all.firstIndex(where: { $0.name == lesson.name }) else { return nil }
    return place + 1 < all.count ? all[place + 1] : nil
  }

  static func unknown(_ name: String) -> UsageError {
    let names = lessons.map(\.name)
    let shown = SafeText.string(name)
    if let near = NearestWord.to(name, among: names) {
      return UsageError("there is no guided demo '\(shown)'; did you mean \(near)?")
    }
    return UsageError(
      "there is no guided demo '\(shown)'; there are: \(names.joined(separator: ", "))")
  }
}
