/// What `watch` can show.
enum WatchView: String, CaseIterable, Sendable {
  case listeners, states, counters

  var title: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }

  /// Its place among the views, from 1: the key that switches to it.
  var number: Int { (Self.allCases.firstIndex(of: self) ?? 0) + 1 }

  func next(_ step: Int) -> WatchView {
    let all = Self.allCases
    return all[(number - 1 + step + all.count) % all.count]
  }
}
