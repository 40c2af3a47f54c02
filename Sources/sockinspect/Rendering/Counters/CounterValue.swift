import ProcNet

/// What a column says of a counter.
enum CounterValue: Equatable {
  case unknown
  case number(Int128)
  /// With its sign, as changes are shown to people.
  case change(Int128)
  case rate(EventRate)
  /// Chosen by others.
  case name(String)
  case words(String)

  static func number(_ value: Int128?) -> CounterValue { value.map { .number($0) } ?? .unknown }

  /// For people; unknown is `-`.
  func append(to writer: inout ByteWriter) {
    switch self {
    case .unknown: writer.append(UInt8(ascii: "-"))
    case .change(let number) where number > 0:
      writer.append(UInt8(ascii: "+"))
      writer.append(decimal: number)
    default: appendPlain(to: &writer)
    }
  }

  /// For programs; unknown is nothing.
  func appendPlain(to writer: inout ByteWriter) {
    switch self {
    case .unknown: break
    case .number(let number), .change(let number): writer.append(decimal: number)
    case .rate(let rate): rate.append(to: &writer)
    case .name(let text): SafeText.append(text, to: &writer)
    case .words(let text): writer.append(text)
    }
  }
}

extension CounterValue: Comparable {
  /// Unknown before everything, numbers by value, text by its bytes.
  static func < (left: CounterValue, right: CounterValue) -> Bool {
    switch (left.number, right.number) {
    case (let one?, let two?): one < two
    case (nil, nil): left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    case (nil, _?): left == .unknown
    case (_?, nil): right != .unknown
    }
  }

  private var number: Double? {
    switch self {
    case .number(let number), .change(let number): Double(number)
    case .rate(let rate): rate.perSecond
    default: nil
    }
  }

  private var text: String {
    switch self {
    case .name(let text), .words(let text): text
    default: ""
    }
  }
}
