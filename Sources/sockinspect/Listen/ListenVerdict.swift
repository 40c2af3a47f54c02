import ProcNet

/// One sentence for people: whether anything is wrong with the listeners shown.
struct ListenVerdict {
  private let rows: [ListenRow]

  init(_ rows: [ListenRow]) { self.rows = rows }

  var tone: Palette.Tone {
    if rows.contains(where: { $0.isFull || $0.isDropping }) { return .alarm }
    let isFilling = rows.contains { $0.isFilling }
    return isFilling || abandoned > 0 ? .attention : .good
  }

  /// `12 listeners: 1 is full; 6 connections wait, the longest for 2.8s; 2 clients hung up`.
  var text: String {
    var parts = [fullness]
    if waiting > 0 { parts.append(waitingText) }
    if abandoned > 0 { parts.append("\(Self.counted(abandoned, "client")) hung up") }
    parts += [drops].compactMap { $0 }
    return "\(Self.counted(rows.count, "listener")): \(parts.joined(separator: "; "))"
  }

  private var fullness: String {
    let full = rows.filter(\.isFull).count
    if full > 0 { return "\(full) \(full == 1 ? "is" : "are") full" }
    let filling = rows.filter { $0.isFilling }.count
    if filling > 0 { return "\(filling) \(filling == 1 ? "is" : "are") nearly full" }
    let unknown = rows.contains { $0.queue != nil && $0.queue?.isFull == nil }
    if unknown { return waiting == 0 ? "nothing waits" : "limits are not known" }
    return waiting == 0 ? "nothing waits" : "none is full"
  }

  private var waiting: Int { rows.reduce(0) { $0 + Int($1.queue?.length ?? 0) } }
  private var abandoned: Int { rows.reduce(0) { $0 + ($1.queue?.abandoned ?? 0) } }

  private var waitingText: String {
    let verb = waiting == 1 ? "waits" : "wait"
    let oldest = rows.compactMap { $0.queue?.oldest }.max()
    let age = oldest.map { ", the longest for \(AgeText.string(UInt64($0)))" } ?? ""
    return "\(Self.counted(waiting, "connection")) \(verb)\(age)"
  }

  /// Rising ones where two looks were taken, else those of the past.
  private var drops: String? {
    if rows.contains(where: { $0.rate != nil }) {
      let rising = rows.count(where: \.isDropping)
      return rising == 0 ? "no drops meanwhile" : "drops rise at \(rising)"
    }
    let dropped = rows.filter { ($0.listener.drops ?? 0) > 0 }.count
    return dropped == 0 ? nil : "\(Self.counted(dropped, "listener")) dropped in the past"
  }

  private static func counted(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }
}
