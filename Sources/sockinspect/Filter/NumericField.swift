import ProcNet

/// A number about a socket that a filter can compare.
enum NumericField: Sendable, Hashable {
  case recvQ, sendQ, fill, age, idle, drops, pid, peerPid, uid, inode, namespace
  case field(TCPInfoField)

  var family: UnitFamily {
    switch self {
    case .recvQ, .sendQ: .bytes
    case .fill: .percent
    case .age, .idle: .time
    case .drops, .pid, .peerPid, .uid, .inode, .namespace: .count
    case .field(let field): UnitFamily(field.unit)
    }
  }

  var needs: FilterNeeds {
    switch self {
    case .recvQ, .sendQ, .fill, .uid, .inode, .namespace: []
    case .age: [.tcp, .ownership]
    case .idle, .field: .tcp
    case .drops: .memory
    case .pid: .owners
    case .peerPid: .peerOwners
    }
  }

  /// An identity, which people name without a comparison: `pid 812`.
  var isIdentity: Bool {
    switch self {
    case .pid, .peerPid, .uid, .inode, .namespace: true
    default: false
    }
  }

  /// The word it is written with.
  var name: String {
    switch self {
    case .recvQ: "recv-q"
    case .sendQ: "send-q"
    case .fill: "fill"
    case .age: "age"
    case .idle: "idle"
    case .drops: "drops"
    case .pid: "pid"
    case .peerPid: "peer-pid"
    case .uid: "uid"
    case .inode: "inode"
    case .namespace: "netns"
    case .field(let field):
      Self.shortNames.first { $0.1 == field }?.0 ?? Self.dashed(field.name)
    }
  }

  /// Words of ss and of people for fields of `tcp_info`.
  private static let shortNames: [(String, TCPInfoField)] = [
    ("cwnd", .sndCwnd), ("mss", .sndMss), ("notsent", .notsentBytes), ("ssthresh", .sndSsthresh),
    ("minrtt", .minRtt), ("rcvmss", .rcvMss), ("lastsnd", .lastDataSent),
    ("lastrcv", .lastDataRecv), ("lastack", .lastAckRecv), ("busy", .busyTime),
  ]

  /// The measure of a word; underscores are dashes.
  static func named(_ word: String) -> NumericField? {
    let word = dashed(word)
    return words[word] ?? columns[word]
  }

  /// Every measure by the name of its column, which has the unit: `rtt-us`.
  private static let columns: [String: NumericField] = {
    var columns: [String: NumericField] = ["recvq": .recvQ, "sendq": .sendQ, "age-ms": .age]
    for field in TCPInfoField.all where field != .state {
      columns[dashed(field.key)] = .field(field)
    }
    return columns
  }()

  /// The words by which a filter knows a field of `tcp_info`.
  static func words(for field: TCPInfoField) -> [String] {
    words.filter { $0.value == .field(field) }.map(\.key)
  }

  private static func dashed(_ word: String) -> String { String(word.map { $0 == "_" ? "-" : $0 }) }

  /// Every measure by every word for it. All fields of `tcp_info` can be asked for by the kernel's
  /// name; `state` is not among them, since that word is the filter's own.
  static let words: [String: NumericField] = {
    let own: [NumericField] = [
      .recvQ, .sendQ, .fill, .age, .idle, .drops, .pid, .peerPid, .uid, .inode,
    ]
    var words: [String: NumericField] = [:]
    for measure in own { words[measure.name] = measure }
    for field in TCPInfoField.all where field != .state {
      words[dashed(field.name)] = .field(field)
    }
    for (word, field) in shortNames { words[word] = .field(field) }
    return words
  }()

  /// The single value; nil when the socket has none or it is not known, and for `pid` and
  /// `peer-pid`, of which a socket can have several.
  func value(of socket: borrowing Socket, _ context: any SocketContext) -> Quantity? {
    switch self {
    case .recvQ: socket.queues.recvQ.map { Quantity(UInt64($0)) }
    case .sendQ: socket.queues.sendQ.map { Quantity(UInt64($0)) }
    case .fill: AcceptQueue(of: socket)?.fill.map { Quantity($0.part * 100_000, over: $0.whole) }
    case .age: Self.age(socket, context)
    case .idle: Self.idle(socket)
    case .drops: socket.details?.drops.map { Quantity(UInt64($0)) }
    case .uid: socket.uid.map { Quantity(UInt64($0)) }
    case .inode: Quantity(UInt64(socket.inode))
    case .namespace: Quantity(UInt64(socket.namespace))
    case .field(let field): Self.field(field, socket)
    case .pid, .peerPid: nil
    }
  }

  /// How long a connection has waited for accept: it has never sent, so the time since it last
  /// sent is the time since its handshake.
  private static func age(
    _ socket: borrowing Socket, _ context: any SocketContext
  ) -> Quantity? {
    guard let waited = field(.lastDataSent, socket), context.ownership(of: socket) == .queued
    else { return nil }
    return waited
  }

  private static func idle(_ socket: borrowing Socket) -> Quantity? {
    guard let sent = field(.lastDataSent, socket), let received = field(.lastDataRecv, socket)
    else { return nil }
    return min(sent, received)
  }

  /// A field in base units. A listener's fields mean other things or nothing, times of a socket
  /// that is still connecting are leftovers, and a round trip that was not yet measured is stored
  /// as 0 or as the largest number.
  private static func field(_ field: TCPInfoField, _ socket: borrowing Socket) -> Quantity? {
    guard socket.state != .listen, let value = socket.details?.tcp?[field] else { return nil }
    if field == .rtt || field == .rcvRtt, value == 0 { return nil }
    if field == .minRtt, value == 0 || value == 0xFFFF_FFFF { return nil }
    if field.unit != .milliseconds { return Quantity(value) }
    return socket.state == .synSent ? nil : Quantity(value * 1000)
  }
}

/// A number to compare with: whole base units, and whether a fraction of one was cut off.
///
/// Base units are bytes, microseconds, thousandths of a per cent, or pieces. With the cut-off told
/// apart, `rtt > 0.5us` and `fill = 33%` are decided exactly without floating point.
struct Quantity: Sendable, Hashable, Comparable {
  var whole: UInt64
  /// Whether the true value lies above `whole`, below the next number.
  var isCut = false

  /// The fraction `dividend / divisor`; the divisor is not 0.
  init(_ dividend: UInt64, over divisor: UInt64) {
    whole = dividend / divisor
    isCut = dividend % divisor != 0
  }

  init(_ whole: UInt64) { self.whole = whole }

  static func < (left: Quantity, right: Quantity) -> Bool {
    left.whole != right.whole ? left.whole < right.whole : !left.isCut && right.isCut
  }

  /// Reads `80`, `1.5`, with the digits' unit applied; nil when the number is too large.
  init?(digits: String, times factor: UInt64) {
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    let fraction = parts.count > 1 ? String(parts[1]) : ""
    guard let number = UInt64(parts[0] + fraction), fraction.utf8.count <= 9 else { return nil }
    let scaled = number.multipliedReportingOverflow(by: factor)
    guard !scaled.overflow else { return nil }
    let divisor = fraction.utf8.reduce(UInt64(1)) { product, _ in product * 10 }
    self.init(scaled.partialValue, over: divisor)
  }
}

/// What kind of number a measure is, and the units it may be given in.
enum UnitFamily: Sendable, Hashable {
  case count, bytes, time, percent, rate

  init(_ unit: TCPInfoField.Unit) {
    switch unit {
    case .count, .segments, .flags: self = .count
    case .bytes: self = .bytes
    case .microseconds, .milliseconds: self = .time
    case .bytesPerSecond: self = .rate
    }
  }

  /// A unit's factor to the base unit; nil when the family has no such unit.
  func factor(of unit: String) -> UInt64? {
    let name = unit.lowercased()
    return units.first { $0.names.contains(name) }?.factor
  }

  /// The unit of this family that was probably meant; a single letter could be any.
  func nearest(to unit: String) -> String? {
    unit.count < 2 ? nil : NearestWord.to(unit, among: units.flatMap(\.names))
  }

  /// What a bare number is multiplied with; nil when it needs a unit.
  var bareFactor: UInt64? {
    switch self {
    case .time: nil
    case .percent: 1000
    case .count, .bytes, .rate: 1
    }
  }

  /// Whether any family knows the unit, so that it can be called misplaced rather than unknown.
  static func isKnown(_ unit: String) -> Bool {
    [bytes, time, percent, rate].contains { $0.factor(of: unit) != nil }
  }

  /// `a time`, and the units to write, for an error message.
  var article: String {
    switch self {
    case .count: "a count"
    case .bytes: "a size"
    case .time: "a time"
    case .percent: "a percentage"
    case .rate: "a rate"
    }
  }

  var advice: String {
    switch self {
    case .count: "takes no unit"
    case .bytes: "takes b, k, m, g or t"
    case .time: "takes us, ms, s, m, h or d"
    case .percent: "takes %"
    case .rate: "takes b, k, m or g (bytes per second) or kbps, mbps, gbps"
    }
  }

  private var units: [(names: [String], factor: UInt64)] {
    switch self {
    case .count: []
    case .bytes: Self.sizes
    case .time: Self.times
    case .percent: [(["%", "percent"], 1000)]
    case .rate: Self.sizes + Self.bitRates
    }
  }

  /// As everywhere in ss and the kernel, k is 1024.
  private static let sizes: [(names: [String], factor: UInt64)] = [
    (["b", "bytes"], 1), (["k", "kb", "kib"], 1 << 10), (["m", "mb", "mib"], 1 << 20),
    (["g", "gb", "gib"], 1 << 30), (["t", "tb", "tib"], 1 << 40),
  ]

  private static let times: [(names: [String], factor: UInt64)] = [
    (["us", "µs", "μs", "usec", "microseconds"], 1), (["ms", "msec", "milliseconds"], 1000),
    (["s", "sec", "second", "seconds"], 1_000_000),
    (["m", "min", "minute", "minutes"], 60_000_000),
    (["h", "hour", "hours"], 3_600_000_000), (["d", "day", "days"], 86_400_000_000),
  ]

  /// Bits per second as ss prints them, decimal.
  private static let bitRates: [(names: [String], factor: UInt64)] = [
    (["kbps"], 125), (["mbps"], 125_000), (["gbps"], 125_000_000),
  ]

  /// A quantity with the largest unit that leaves it whole.
  func text(of quantity: Quantity) -> String {
    let rest = quantity.isCut ? "…" : ""
    switch self {
    case .percent: return Self.thousandths(quantity.whole) + rest + "%"
    case .time:
      let units: [(String, UInt64)] = [
        ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000), ("ms", 1000),
      ]
      return Self.scaled(quantity.whole, units, smallest: "us", rest)
    case .bytes, .rate:
      let units: [(String, UInt64)] = [("g", 1 << 30), ("m", 1 << 20), ("k", 1 << 10)]
      return Self.scaled(quantity.whole, units, smallest: "", rest)
    case .count: return "\(quantity.whole)\(rest)"
    }
  }

  private static func scaled(
    _ value: UInt64, _ units: [(String, UInt64)], smallest: String, _ rest: String
  ) -> String {
    let fitting = units.first { value >= $0.1 && value % $0.1 == 0 && rest.isEmpty }
    return fitting.map { "\(value / $0.1)\($0.0)" } ?? "\(value)\(rest)\(smallest)"
  }

  private static func thousandths(_ value: UInt64) -> String {
    var digits = String(value % 1000 + 1000).dropFirst()
    while digits.last == "0" { digits = digits.dropLast() }
    return digits.isEmpty ? "\(value / 1000)" : "\(value / 1000).\(digits)"
  }
}
