import ProcNet

/// What a column says of a listener: people read it with units, programs as a plain number.
enum ListenValue: Equatable {
  case unknown
  case count(UInt64)
  case milliseconds(UInt64)
  case percent(UInt64)
  case rate(DropRate)
  /// Anything at all, chosen by others.
  case name([UInt8])
  /// Our own words.
  case words(String)

  static func count<Number: BinaryInteger>(_ number: Number?) -> ListenValue {
    number.map { .count(UInt64(clamping: $0)) } ?? .unknown
  }

  static func milliseconds(_ number: UInt32?) -> ListenValue {
    number.map { .milliseconds(UInt64($0)) } ?? .unknown
  }

  static func name(_ bytes: [UInt8]?) -> ListenValue { bytes.map { .name($0) } ?? .unknown }

  /// With units; unknown is `-`.
  func append(to writer: inout ByteWriter) {
    switch self {
    case .unknown: writer.append(UInt8(ascii: "-"))
    case .milliseconds(let number): AgeText.append(number, to: &writer)
    case .percent(let number):
      writer.append(decimal: number)
      writer.append(UInt8(ascii: "%"))
    default: appendPlain(to: &writer)
    }
  }

  /// Without units; unknown is nothing.
  func appendPlain(to writer: inout ByteWriter) {
    switch self {
    case .unknown: break
    case .count(let number), .milliseconds(let number), .percent(let number):
      writer.append(decimal: number)
    case .rate(let rate):
      writer.append(decimal: rate.tenthsPerSecond / 10)
      writer.append(UInt8(ascii: "."))
      writer.append(decimal: rate.tenthsPerSecond % 10)
    case .name(let bytes): SafeText.append(bytes, to: &writer)
    case .words(let text): writer.append(text)
    }
  }

  var isNothing: Bool {
    switch self {
    case .unknown, .count(0): true
    case .rate(let rate): rate.drops == 0
    default: false
    }
  }
}

extension ListenValue: Comparable {
  /// Unknown before everything, numbers by value, text by bytes.
  static func < (left: ListenValue, right: ListenValue) -> Bool {
    switch (left.number, right.number) {
    case (let one?, let two?): one < two
    case (nil, nil): left.text.lexicographicallyPrecedes(right.text)
    case (nil, _?): left == .unknown
    case (_?, nil): right != .unknown
    }
  }

  private var number: Double? {
    switch self {
    case .count(let number), .milliseconds(let number), .percent(let number): Double(number)
    case .rate(let rate): Double(rate.drops) / Double(max(rate.interval, 1))
    default: nil
    }
  }

  private var text: [UInt8] {
    switch self {
    case .name(let bytes): bytes
    case .words(let text): Array(text.utf8)
    default: []
    }
  }
}

/// A length of time for people: `812ms`, `2.8s`, `3m12s`, `2h05m`, `4d03h`.
enum AgeText {
  static func append(_ milliseconds: UInt64, to writer: inout ByteWriter) {
    let seconds = milliseconds / 1000
    switch seconds {
    case 0:
      writer.append(decimal: milliseconds)
      writer.append("ms")
    case ..<60:
      writer.append(decimal: seconds)
      writer.append(UInt8(ascii: "."))
      writer.append(decimal: milliseconds % 1000 / 100)
      writer.append(UInt8(ascii: "s"))
    case ..<3600: append(seconds / 60, "m", seconds % 60, "s", to: &writer)
    case ..<86400: append(seconds / 3600, "h", seconds / 60 % 60, "m", to: &writer)
    default: append(seconds / 86400, "d", seconds / 3600 % 24, "h", to: &writer)
    }
  }

  private static func append(
    _ large: UInt64, _ unit: StaticString, _ small: UInt64, _ smallUnit: StaticString,
    to writer: inout ByteWriter
  ) {
    writer.append(decimal: large)
    writer.append(unit)
    if small < 10 { writer.append(UInt8(ascii: "0")) }
    writer.append(decimal: small)
    writer.append(smallUnit)
  }

  static func string(_ milliseconds: UInt64) -> String {
    var writer = ByteWriter(capacity: 64)
    append(milliseconds, to: &writer)
    return writer.text
  }
}
