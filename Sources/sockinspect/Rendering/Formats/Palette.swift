/// Colours by what they mean; all of them empty where colour is not wanted.
struct Palette {
  enum Tone { case plain, good, listener, attention, alarm, faint }

  let isColoured: Bool

  var heading: StaticString { isColoured ? "\u{1b}[1m" : "" }
  var plain: StaticString { isColoured ? "\u{1b}[0m" : "" }

  func start(_ tone: Tone) -> StaticString {
    guard isColoured else { return "" }
    switch tone {
    case .plain: return ""
    case .good: return "\u{1b}[32m"
    case .listener: return "\u{1b}[36m"
    case .attention: return "\u{1b}[33m"
    case .alarm: return "\u{1b}[1;31m"
    case .faint: return "\u{1b}[2m"
    }
  }
}
