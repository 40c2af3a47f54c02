/// What a field of the kernel's `tcp_info` means, and ss's word for it.
struct TCPInfoDescription: Sendable {
  /// The column and the key of JSON: `rtt_us`.
  let key: String
  /// ss's word, `rtt`; empty when it shows none.
  let word: String
  let means: String
  let more: String?

  init(_ key: String, _ word: String, _ means: String, _ more: String? = nil) {
    self.key = key
    self.word = word
    self.means = means
    self.more = more
  }

  /// In the order of the structure.
  static let all = first + later
}
