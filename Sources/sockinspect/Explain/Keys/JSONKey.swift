/// A key of JSON documents with the description that share/schema.json gives it; a test compares
/// the two. The numbers of `tcp` are explained by `TCPInfoTopics`.
struct JSONKey: Sendable, Hashable {
  /// Where it stands: `socket`, `listener.accept_queue`.
  let object: String
  let name: String
  let meaning: String

  init(_ object: String, _ name: String, _ meaning: String) {
    self.object = object
    self.name = name
    self.meaning = meaning
  }

  static let all = ofSockets + ofOthers + ofDiagnoses
}
