import ProcNet

/// One JSON document, or one JSON object a line: everything known of each socket, with units in
/// the keys. Facts that are missing are missing keys.
struct JSONFormat: ListFormat {
  let head: ReportHead
  /// One object a line and nothing else, for programs that read line by line; what is missing is
  /// told on standard error.
  let isLines: Bool
  private var json = JSONWriter()

  init(head: ReportHead, isLines: Bool) {
    self.head = head
    self.isLines = isLines
  }

  mutating func begin(_ writer: inout ByteWriter) {
    guard !isLines else { return }
    json.open("{", &writer)
    JSONHead.append(head, &json, &writer)
    json.key("sockets", &writer)
    json.open("[", &writer)
  }

  mutating func row(
    _ socket: borrowing Socket, _ surroundings: any Surroundings, _ writer: inout ByteWriter
  ) {
    if isLines {
      json = JSONWriter()
    } else {
      json.newLine(&writer)
    }
    SocketJSON.append(socket, surroundings, &json, &writer)
    if isLines { writer.append(UInt8(ascii: "\n")) }
  }

  mutating func end(_ gaps: [Gap], _ writer: inout ByteWriter) {
    guard !isLines else { return }
    json.close("]", &writer)
    JSONHead.append(gaps, &json, &writer)
    json.close("}", &writer)
    writer.append(UInt8(ascii: "\n"))
  }
}

/// The keys that every JSON document begins and ends with.
enum JSONHead {
  static func append(
    _ head: ReportHead, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.member("schema", text: "sockinspect/1", &writer)
    json.member("command", text: head.command, &writer)
    json.member("time", text: TimeText.iso8601(milliseconds: head.time), &writer)
    json.member("host", bytes: head.host, &writer)
    json.member("kernel", bytes: head.kernel, &writer)
  }

  /// `"incomplete": […]`: what could not be looked at, why, what would help.
  static func append(_ gaps: [Gap], _ json: inout JSONWriter, _ writer: inout ByteWriter) {
    json.key("incomplete", &writer)
    json.open("[", &writer)
    for gap in gaps {
      json.open("{", &writer)
      json.member("missing", text: gap.missing, &writer)
      json.member("reason", text: gap.reason, &writer)
      json.member("remedy", text: gap.remedy, &writer)
      json.close("}", &writer)
    }
    json.close("]", &writer)
  }
}

/// Points in time as text.
enum TimeText {
  /// `2026-11-23T03:22:47.123Z`.
  static func iso8601(milliseconds: UInt64) -> String {
    let seconds = milliseconds / 1000
    let date = civilDate(dayNumber: Int(seconds / 86400))
    let clock = Int(seconds % 86400)
    let parts = [clock / 3600, clock / 60 % 60, clock % 60].map { padded($0, 2) }
    let day = "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
    return "\(day)T\(parts.joined(separator: ":")).\(padded(Int(milliseconds % 1000), 3))Z"
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// The Gregorian date of a day counted from 1970-01-01, in eras of 400 years that begin in
  /// March, so that the leap day is the last of its year.
  private static func civilDate(dayNumber: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = dayNumber + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
  }
}
