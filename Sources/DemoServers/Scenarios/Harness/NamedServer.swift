/// A server that only scenarios start: one of the models under a name of its own, with any
/// handler, also one that `serve` does not offer.
struct NamedServer {
  /// What ps and ss call it; at most 15 bytes.
  var name: String
  var model: ServerModel
  /// As `--handler` takes it, `upstream:127.0.0.1:9000` say.
  var handler: String
  var workers: Int?
  var backlog: Int32 = 128

  /// The role of such a part; `HarnessPart` plays it for every scenario.
  static let role = "serve"

  /// What follows the role.
  var words: [String] {
    [name, model.rawValue, handler, "\(backlog)"] + (workers.map { ["\($0)"] } ?? [])
  }

  init(
    _ name: String, _ model: ServerModel, _ handler: String, workers: Int? = nil,
    backlog: Int32 = 128
  ) {
    (self.name, self.model, self.handler) = (name, model, handler)
    (self.workers, self.backlog) = (workers, backlog)
  }

  /// Reads `words`; nil when they are not ours.
  init?(_ words: [String]) {
    guard (4...5).contains(words.count), let model = ServerModel(rawValue: words[1]),
      let backlog = Int32(words[3])
    else { return nil }
    (name, self.model, handler, self.backlog) = (words[0], model, words[2], backlog)
    workers = words.count == 5 ? Int(words[4]) : nil
  }

  /// Serves on a port of 127.0.0.1 that the kernel chooses.
  static func run(_ words: [String]) throws(DemoError) -> Never {
    guard let server = NamedServer(words) else {
      throw DemoError("demo: a server needs NAME MODEL HANDLER BACKLOG [WORKERS]", status: 64)
    }
    var plan = ServePlan(server.model)
    plan.name = server.name
    plan.handler = try HandlerChoice(server.handler)
    plan.workers = server.workers
    plan.listen.backlog = server.backlog
    plan.listen.reusesAddress = true
    plan.isQuiet = true
    try ServerStart.run(plan)
  }
}
