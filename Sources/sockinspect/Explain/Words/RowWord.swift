/// A word that ss's letters put behind a row and that is no field of `tcp_info`.
struct RowWord: Sendable {
  let name: String
  /// As it looks.
  let shown: String
  let means: String
  /// Empty when there is no more to say.
  let more: String
  let look: String

  init(_ name: String, _ shown: String, _ means: String, _ more: String, _ look: String) {
    self.name = name
    self.shown = shown
    self.means = means
    self.more = more
    self.look = look
  }
}
