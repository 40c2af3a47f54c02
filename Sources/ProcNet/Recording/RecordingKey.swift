/// What an answer in a recording is the answer to.
enum RecordingKey: Hashable {
  case file([UInt8])
  case folder([UInt8])
  case link([UInt8])
  case identity([UInt8])
  case descriptors(Int32)
  case netlink(RecordingNetlinkKey)
  /// A netlink request as it was, with its wishes; only a recorded diagnosis holds these.
  case request(RecordingRequestKey)
  case memory(process: Int32, address: UInt64, count: UInt32)
  case setting(path: [UInt8], namespacePath: [UInt8])
  case clock
  /// The threads of a process that have descriptors of their own.
  case threadTables(Int32)

  static func file(_ path: String) -> RecordingKey { .file(Array(path.utf8)) }
  static func folder(_ path: String) -> RecordingKey { .folder(Array(path.utf8)) }
  static func link(_ path: String) -> RecordingKey { .link(Array(path.utf8)) }
  static func identity(_ path: String) -> RecordingKey { .identity(Array(path.utf8)) }
  static func setting(_ path: String, _ namespacePath: String) -> RecordingKey {
    .setting(path: Array(path.utf8), namespacePath: Array(namespacePath.utf8))
  }

  /// Whether an answer says nothing of another moment: what is below `/proc`, except settings, the
  /// namespaces of the recording program, and files that are reached through the first process.
  var isOfTheMoment: Bool {
    switch self {
    case .file(let path), .folder(let path), .link(let path), .identity(let path):
      path.starts(with: Self.changing) && !Self.lasting.contains { path.starts(with: $0) }
    case .descriptors, .threadTables, .netlink, .request, .memory, .clock: true
    case .setting: false
    }
  }

  /// Whether an answer of the moment is most likely the same a second earlier or later: who a
  /// process is and what it has open, not what it does.
  var changesSeldom: Bool {
    switch self {
    case .descriptors, .threadTables, .link, .identity: true
    case .file(let path):
      path.split(separator: 0x2F).last.map { Self.seldom.contains(Array($0)) } ?? false
    default: false
    }
  }

  private static let seldom = Set(
    ["comm", "cmdline", "cgroup", "limits", "mounts", "mountinfo"].map { Array($0.utf8) })

  private static let changing = Array("/proc".utf8)
  private static let lasting = [
    "/proc/sys/", "/proc/self/ns/", "/proc/thread-self/ns/", "/proc/1/root/",
  ].map { Array($0.utf8) }

  /// The body of a question frame after the answer's number.
  var body: [UInt8] {
    var body: [UInt8] = []
    switch self {
    case .file(let path): body.append(operation: 1, path)
    case .folder(let path): body.append(operation: 2, path)
    case .link(let path): body.append(operation: 3, path)
    case .identity(let path): body.append(operation: 4, path)
    case .descriptors(let process):
      body.append(5)
      body.appendRecorded(process)
    case .netlink(let key):
      body.append(6)
      key.append(to: &body)
    case .memory(let process, let address, let count):
      body.append(7)
      body.appendRecorded(process)
      body.appendRecorded(address)
      body.appendRecorded(count)
    case .setting(let path, let namespacePath):
      body.append(operation: 8, path)
      body.appendRecordedText(namespacePath)
    case .request(let key):
      body.append(9)
      key.append(to: &body)
    case .clock: body.append(10)
    case .threadTables(let process):
      body.append(11)
      body.appendRecorded(process)
    }
    return body
  }

  fileprivate init?(memory cursor: inout RecordingCursor) {
    guard let process = cursor.number(Int32.self), let address = cursor.number(UInt64.self),
      let count = cursor.number(UInt32.self)
    else { return nil }
    self = .memory(process: process, address: address, count: count)
  }

  fileprivate init?(setting cursor: inout RecordingCursor) {
    guard let path = cursor.copiedText(), let namespacePath = cursor.copiedText() else {
      return nil
    }
    self = .setting(path: path, namespacePath: namespacePath)
  }
}

/// What a question frame asks: a key, or something that a newer program has recorded.
enum RecordingQuestion {
  case known(RecordingKey)
  case unknown

  /// nil when the body is too short for its operation.
  init?(_ cursor: inout RecordingCursor) {
    guard let operation = cursor.number(UInt8.self) else { return nil }
    let key: RecordingKey?
    switch operation {
    case 1: key = cursor.copiedText().map { .file($0) }
    case 2: key = cursor.copiedText().map { .folder($0) }
    case 3: key = cursor.copiedText().map { .link($0) }
    case 4: key = cursor.copiedText().map { .identity($0) }
    case 5: key = cursor.number(Int32.self).map { .descriptors($0) }
    case 6: key = RecordingNetlinkKey(&cursor).map { .netlink($0) }
    case 7: key = RecordingKey(memory: &cursor)
    case 8: key = RecordingKey(setting: &cursor)
    case 9: key = RecordingRequestKey(&cursor).map { .request($0) }
    case 10: key = .clock
    case 11: key = cursor.number(Int32.self).map { .threadTables($0) }
    default:
      self = .unknown
      return
    }
    guard let key else { return nil }
    self = .known(key)
  }
}

/// The part of a netlink request that decides which recorded answer is its answer.
///
/// State masks, extensions, byte code, sequence number and port id are left out: a recording
/// was asked for everything, and whoever reads it checks each row.
struct RecordingNetlinkKey: Hashable {
  var subsystem: UInt8
  var namespacePath: [UInt8]?
  /// `nlmsg_type`.
  var type: UInt16
  /// Whether `NLM_F_DUMP` is set; a question for one socket is another question.
  private var isDump: Bool
  /// The first two bytes of the request: `sdiag_family` and `sdiag_protocol`, `ifi_family`.
  var family: UInt8
  var protocolNumber: UInt8

  /// nil when the message is shorter than a `nlmsghdr`.
  init?(_ request: NetlinkRequest) {
    let message = request.message.span
    guard message.count >= 16 else { return nil }
    subsystem = request.subsystem.rawValue
    namespacePath = request.namespacePath.map { Array($0.utf8) }
    type = message.number16(at: 4)
    isDump = message.number16(at: 6) & 0x300 == 0x300
    family = message.count > 16 ? message[16] : 0
    protocolNumber = message.count > 17 ? message[17] : 0
  }

  init?(_ cursor: inout RecordingCursor) {
    guard let subsystem = cursor.number(UInt8.self), let flags = cursor.number(UInt8.self),
      let type = cursor.number(UInt16.self), let family = cursor.number(UInt8.self),
      let protocolNumber = cursor.number(UInt8.self), let path = cursor.copiedText()
    else { return nil }
    self.subsystem = subsystem
    self.namespacePath = flags & 2 != 0 ? path : nil
    self.type = type
    self.isDump = flags & 1 != 0
    self.family = family
    self.protocolNumber = protocolNumber
  }

  func append(to body: inout [UInt8]) {
    body.append(subsystem)
    body.append((isDump ? 1 : 0) | (namespacePath == nil ? 0 : 2))
    body.appendRecorded(type)
    body.append(family)
    body.append(protocolNumber)
    body.appendRecordedText(namespacePath ?? [])
  }

  /// What was asked, as the subject of a sentence.
  var subject: String {
    let place = namespacePath.map { " in \(String(decoding: $0, as: UTF8.self))" } ?? ""
    return "netlink message \(type), family \(family), protocol \(protocolNumber)\(place)"
  }
}

/// A netlink request that is an answer's only question: all of it but sequence number and port id.
struct RecordingRequestKey: Hashable {
  var subsystem: UInt8
  var namespacePath: [UInt8]?
  var message: [UInt8]

  /// nil when the message is shorter than a `nlmsghdr`.
  init?(_ request: NetlinkRequest) {
    guard request.message.count >= 16 else { return nil }
    subsystem = request.subsystem.rawValue
    namespacePath = request.namespacePath.map { Array($0.utf8) }
    message = Array(request.message.prefix(Int(UInt16.max)))
    for index in 8..<16 { message[index] = 0 }
  }

  init?(_ cursor: inout RecordingCursor) {
    guard let subsystem = cursor.number(UInt8.self), let flags = cursor.number(UInt8.self),
      let path = cursor.copiedText(), let message = cursor.copiedText(), message.count >= 16
    else { return nil }
    self.subsystem = subsystem
    namespacePath = flags & 2 != 0 ? path : nil
    self.message = message
  }

  func append(to body: inout [UInt8]) {
    body.append(subsystem)
    body.append(namespacePath == nil ? 0 : 2)
    body.appendRecordedText(namespacePath ?? [])
    body.appendRecordedText(message)
  }

  /// What is asked for, whatever of it: requests with different tables never suit each other.
  struct Table: Hashable {
    var subsystem: UInt8
    var namespacePath: [UInt8]?
    /// Type and flags of the message, family and protocol.
    var head: [UInt8]
  }

  var table: Table {
    Table(
      subsystem: subsystem, namespacePath: namespacePath,
      head: Array(message.dropFirst(4).prefix(4) + message.dropFirst(16).prefix(2)))
  }

  /// How well the answer to this request answers another one to the same table, whose reader checks
  /// each row: the number of wished details it has; nil when rows may be missing.
  func suits(_ other: RecordingRequestKey) -> Int? {
    guard message.count >= 24, other.message.count >= 24 else { return nil }
    let (mine, wanted) = (message.span, other.message.span)
    let isUnix = message[16] == 1
    // Who wants every state can do without one that only tells what keeps a port.
    let states = mine.number32(at: 20) | StateSet(.boundInactive).rawValue
    guard wanted.number32(at: 20) & ~states == 0 else { return nil }
    // Byte code follows the fixed part of an inet_diag request and leaves rows out.
    guard isUnix || message.count <= Self.longestPlain || message[24...] == other.message[24...]
    else { return nil }
    let details =
      isUnix && mine.count >= 32 && wanted.count >= 32
      ? mine.number32(at: 28) & wanted.number32(at: 28) : UInt32(mine[18] & wanted[18])
    return details.nonzeroBitCount
  }

  /// `nlmsghdr` and `inet_diag_req_v2`.
  private static let longestPlain = 16 + 56
}

extension [UInt8] {
  fileprivate mutating func append(operation: UInt8, _ path: [UInt8]) {
    append(operation)
    appendRecordedText(path)
  }
}
