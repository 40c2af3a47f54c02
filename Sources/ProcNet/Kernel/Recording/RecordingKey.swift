/// What an answer in a recording is the answer to.
enum RecordingKey: Hashable {
  case file([UInt8])
  case folder([UInt8])
  case link([UInt8])
  case identity([UInt8])
  case descriptors(Int32)
  case netlink(RecordingNetlinkKey)
  case memory(process: Int32, address: UInt64, count: UInt32)
  case setting(path: [UInt8], namespacePath: [UInt8])

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
    case .descriptors, .netlink, .memory: true
    case .setting: false
    }
  }

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
    }
    return body
  }
}

extension RecordingKey {
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
  var isDump: Bool
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

extension [UInt8] {
  fileprivate mutating func append(operation: UInt8, _ path: [UInt8]) {
    append(operation)
    appendRecordedText(path)
  }
}
