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
