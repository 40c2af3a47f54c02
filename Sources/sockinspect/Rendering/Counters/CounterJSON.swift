import Diagnosis
import ProcNet

/// A counter as a JSON object; what is not known is a missing key.
enum CounterJSON {
  static func append(
    _ row: CounterRow, at time: UInt64?, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.open("{", &writer)
    if let time { json.member("time", text: TimeText.iso8601(milliseconds: time), &writer) }
    json.member("name", text: row.counter.fullName, &writer)
    json.member("group", text: row.counter.group, &writer)
    json.key("value", &writer)
    json.signed(row.counter.value, &writer)
    if let delta = row.delta {
      json.key("delta", &writer)
      json.signed(delta, &writer)
    }
    if let rate = row.rate {
      json.key("per_second", &writer)
      append(.rate(rate), &json, &writer)
    }
    json.member("interval_ms", row.change?.interval, &writer)
    if row.place.inode != 0 { json.member("netns", row.place.inode, &writer) }
    json.member("netns_name", bytes: row.place.name?.rawBytes, &writer)
    json.member("kind", plain: row.kind.rawValue, &writer)
    if row.description != nil { json.member("meaning", text: row.meaning, &writer) }
    json.close("}", &writer)
  }

  /// Numbers as numbers.
  static func append(
    _ value: CounterValue, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    switch value {
    case .unknown: break
    case .number(let number), .change(let number): json.signed(number, &writer)
    case .rate(let rate): json.raw(&writer) { rate.append(to: &$0) }
    case .name(let text), .words(let text): json.text(text, &writer)
    }
  }
}

extension JSONWriter {
  mutating func signed(_ value: Int128, _ writer: inout ByteWriter) {
    raw(&writer) { $0.append(decimal: value) }
  }

  /// A value that somebody else writes as it has to be.
  mutating func raw(_ writer: inout ByteWriter, _ value: (inout ByteWriter) -> Void) {
    literal("", &writer)
    value(&writer)
  }
}
