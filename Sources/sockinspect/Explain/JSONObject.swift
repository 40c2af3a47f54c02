import Diagnosis
import ProcNet

/// An object of JSON documents with its keys. share/schema.json and the lists of
/// sockinspect-json(5) are made of them, and `explain` tells them.
struct JSONObject: Sendable {
  let name: String
  let meaning: String
  let keys: [JSONKey]

  init(_ name: String, _ meaning: String, _ keys: [JSONKey]) {
    (self.name, self.meaning, self.keys) = (name, meaning, keys)
  }

  /// Every object that has a name of its own, what is written first.
  static let all: [JSONObject] = [
    .document, .gap, .socket, .summary, .endpoint, .owner, .ring, .listener, .waiting, .counter,
    .watchedCounter, .topic, .lookedAt, .root, .rootWaiting, .pathStep, .finding, .busyWorker,
    .findingReference, .subject, .socketName, .evidence, .chainLink, .findingKind, .scenario,
    .heldScenario, .loadReport, .durations,
  ]

  /// A key, and the object that it is in: `socket`, `listener.accept_queue`.
  struct Place: Sendable {
    let object: String
    let key: JSONKey
  }

  static let places: [Place] = all.flatMap { places(of: $0.keys, in: $0.name) }

  private static func places(of keys: [JSONKey], in object: String) -> [Place] {
    keys.flatMap { key in
      let inner = object == document.name ? key.name : "\(object).\(key.name)"
      return [Place(object: object, key: key)]
        + key.type.objects.flatMap { places(of: $0.keys, in: inner) }
    }
  }
}

/// A key of an object: what it holds, and what that means.
struct JSONKey: Sendable {
  let name: String
  let type: JSONType
  /// A phrase without a full stop.
  let meaning: String
  /// Sentences that the phrase has no room for.
  let detail: String?
  /// What it can say, each with what that means.
  var words: [DescribedWord] = []
  /// Whether every such object has it; what is not known is absent.
  let isRequired: Bool

  static func required(
    _ name: String, _ type: JSONType, _ meaning: String, _ detail: String? = nil
  ) -> JSONKey {
    JSONKey(name: name, type: type, meaning: meaning, detail: detail, isRequired: true)
  }

  static func optional(
    _ name: String, _ type: JSONType, _ meaning: String, _ detail: String? = nil
  ) -> JSONKey {
    JSONKey(name: name, type: type, meaning: meaning, detail: detail, isRequired: false)
  }

  /// The fact that a column shows.
  static func required<Row>(_ name: String, _ type: JSONType, of column: Column<Row>?) -> JSONKey {
    required(name, type, column?.meaning ?? "", column?.detail).explained(column?.words ?? [])
  }

  static func optional<Row>(_ name: String, _ type: JSONType, of column: Column<Row>?) -> JSONKey {
    optional(name, type, column?.meaning ?? "", column?.detail).explained(column?.words ?? [])
  }

  func explained(_ words: [DescribedWord]) -> JSONKey {
    var key = self
    key.words = words
    return key
  }

  /// The key with the name of the one kind of object that has it.
  fileprivate func of(_ kind: String) -> JSONKey {
    JSONKey(
      name: name, type: type, meaning: "\(kind): \(meaning)", detail: detail,
      isRequired: isRequired)
  }
}

/// What a key of JSON holds.
indirect enum JSONType: Sendable {
  /// A whole number from 0 on, of up to 64 bits.
  case count
  /// Another whole number, within bounds.
  case number(from: Int? = nil, to: Int? = nil)
  /// A number from 0 on that can have decimals.
  case decimal
  case flag
  /// `true`; otherwise the key is absent.
  case alwaysTrue
  case text
  /// A text that a regular expression matches.
  case matching(String)
  case constant(String)
  case word([String])
  /// A value of one of these types of JSON.
  case scalar([String])
  case list(JSONType, notEmpty: Bool = false)
  case object([JSONKey])
  /// One of several objects, by what wrote it.
  case oneOf([JSONObject])
  /// An object by its name; one of several.
  case reference(String)
  case either([String])
  /// Keys that are data themselves, which a regular expression matches.
  case map(keys: String?, JSONType)

  static let netid = JSONType.word(Netid.allCases.map(\.name))
  static let severity = JSONType.word(Severity.allCases.map(\.name))
  static let findingID = JSONType.matching("^[a-z0-9-]+$")
  static let state = JSONType.matching(pattern(SocketState.known))
  /// Of connections that were accepted.
  static let connectionStates = pattern(
    SocketState.known.filter { ![.listen, .close, .boundInactive].contains($0) })

  private static func pattern(_ states: [SocketState]) -> String {
    var names: [String] = []
    for state in states where !names.contains(state.name) { names.append(state.name) }
    return "^(\((names + ["state [0-9]+"]).joined(separator: "|")))$"
  }

  /// Objects that are written in the place of the key itself.
  var objects: [JSONObject] {
    switch self {
    case .list(let type, _): type.objects
    case .object(let keys): [JSONObject("", "", keys)]
    case .oneOf(let objects):
      objects.map { object in
        JSONObject(object.name, object.meaning, object.keys.map { $0.of(object.name) })
      }
    default: []
    }
  }
}
