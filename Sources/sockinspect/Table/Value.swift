import ProcNet

/// What a column says of a row. People read it with units and signs, programs as a plain number.
enum Value: Equatable, Sendable {
  case unknown
  case count(UInt64)
  /// Of counters and settings, which may be negative or larger than 2^64.
  case signed(Int128)
  /// A difference, for people with its sign.
  case change(Int128)
  /// Milliseconds.
  case duration(UInt64)
  case percent(UInt64)
  /// Tenths of one.
  case tenths(UInt64)
  case rate(EventRate)
  /// Chosen by others: any bytes.
  case name([UInt8])
  /// Our own words, ready to be shown.
  case words([UInt8])
  case list([Value])

  static func words(_ text: String) -> Value { .words(Array(text.utf8)) }

  static func count<Integer: BinaryInteger>(_ number: Integer?) -> Value {
    number.map { .count(UInt64(clamping: $0)) } ?? .unknown
  }

  static func signed(_ number: Int128?) -> Value { number.map { .signed($0) } ?? .unknown }

  static func duration(_ milliseconds: UInt32?) -> Value {
    milliseconds.map { .duration(UInt64($0)) } ?? .unknown
  }

  static func percent(_ share: UInt64?) -> Value { share.map { .percent($0) } ?? .unknown }
  static func name(_ bytes: [UInt8]?) -> Value { bytes.map { .name($0) } ?? .unknown }

  /// Unknown, or zero.
  var isNothing: Bool {
    switch self {
    case .unknown, .count(0), .signed(0), .change(0), .tenths(0), .list([]): true
    default: false
    }
  }

  // Text.

  /// For people; unknown is `-`.
  func append(to writer: inout ByteWriter) {
    switch self {
    case .unknown: writer.append(UInt8(ascii: "-"))
    case .change(let number) where number > 0:
      writer.append(UInt8(ascii: "+"))
      writer.append(decimal: number)
    case .duration(let milliseconds): AgeText.append(milliseconds, to: &writer)
    case .percent(let number):
      writer.append(decimal: number)
      writer.append(UInt8(ascii: "%"))
    default: appendPlain(to: &writer)
    }
  }

  /// For programs; unknown is nothing.
  func appendPlain(to writer: inout ByteWriter) {
    switch self {
    case .unknown: break
    case .count(let number), .duration(let number), .percent(let number):
      writer.append(decimal: number)
    case .signed(let number), .change(let number): writer.append(decimal: number)
    case .tenths(let number):
      writer.append(decimal: number / 10)
      writer.append(UInt8(ascii: "."))
      writer.append(decimal: number % 10)
    case .rate(let rate): rate.append(to: &writer)
    case .name(let bytes): SafeText.append(bytes, to: &writer)
    case .words(let bytes): writer.append(bytes)
    case .list(let values):
      for (index, value) in values.enumerated() {
        if index > 0 { writer.append(UInt8(ascii: ",")) }
        value.appendPlain(to: &writer)
      }
    }
  }

  /// As a JSON value; numbers as numbers. Unknown is no value at all: leave out its key.
  func append(to json: inout JSONWriter, _ writer: inout ByteWriter) {
    switch self {
    case .name(let bytes): json.string(bytes, &writer)
    case .words(let bytes): json.text(String(decoding: bytes, as: UTF8.self), &writer)
    case .list(let values):
      json.open("[", &writer)
      for value in values { value.append(to: &json, &writer) }
      json.close("]", &writer)
    default: json.raw(&writer) { appendPlain(to: &$0) }
    }
  }
}

extension Value: Comparable {
  /// Unknown before everything, numbers by value and before text, text by its bytes.
  static func < (left: Value, right: Value) -> Bool {
    switch (left.rank, right.rank) {
    case (1, 1): left.isLess(than: right)
    case (2, 2): left.text.lexicographicallyPrecedes(right.text)
    case let (one, two): one < two
    }
  }

  private var rank: Int {
    switch self {
    case .unknown: 0
    case .name, .words, .list: 2
    default: 1
    }
  }

  private func isLess(than other: Value) -> Bool {
    if let one = integer, let two = other.integer { return one < two }
    return fraction < other.fraction
  }

  private var integer: Int128? {
    switch self {
    case .count(let number), .duration(let number), .percent(let number), .tenths(let number):
      Int128(number)
    case .signed(let number), .change(let number): number
    default: nil
    }
  }

  private var fraction: Double {
    if case .rate(let rate) = self { return rate.perSecond }
    return Double(integer ?? 0)
  }

  private var text: [UInt8] {
    switch self {
    case .name(let bytes), .words(let bytes): return bytes
    default:
      var writer = ByteWriter(capacity: 64)
      appendPlain(to: &writer)
      return writer.bytes
    }
  }
}

/// A number of events in a number of milliseconds.
struct EventRate: Sendable, Hashable {
  let events: UInt64
  /// Milliseconds.
  let interval: UInt64

  /// Events per second with up to six significant digits.
  func append(to writer: inout ByteWriter) {
    if let product = events.product(1000) {
      NumberText.append(product, over: max(interval, 1), to: &writer)
    } else {
      writer.append("\(events.scaled(by: 1000, over: max(interval, 1)))")
    }
  }

  var perSecond: Double { Double(events) * 1000 / Double(max(interval, 1)) }

  /// Events in ten seconds, rounded.
  var tenthsPerSecond: UInt64 {
    let length = max(interval, 1)
    return (events *| 10_000 +| length / 2) / length
  }
}
