import ProcNet

/// What is watched: where it is read, which kinds of sockets, which of them.
struct WatchScope {
  let session: Session
  let namespaces: [NetworkNamespace]
  let facts: HostFacts
  let arguments: ListenArguments
  private(set) var filter: Filter
  /// The filter's words as they were typed.
  private(set) var words: [String]

  init(_ arguments: ListenArguments) throws {
    self.arguments = arguments
    session = try Session(arguments.common)
    var gaps: [Gap] = []
    namespaces = try session.places(arguments.common.namespace, gaps: &gaps)
    facts = HostFacts(
      kernel: session.kernel, places: namespaces, gaps: gaps,
      resolvesNames: arguments.common.resolvesNames)
    words = arguments.words
    filter = try FilterReading.read(arguments.forFilter, facts, session.kernel)
  }

  var kernel: any Kernel { session.kernel }
  var source: any SocketSource { session.source(arguments.common.source) }

  /// Another filter; the one of before stays when it cannot be read.
  mutating func change(filter text: String) throws(FilterError) {
    var typed = arguments
    typed.words = text.split(separator: " ").map(String.init)
    filter = try FilterReading.parse(typed.forFilter, facts, session.kernel)
    words = typed.words
  }

  var survey: ListenerSurvey.Scope {
    ListenerSurvey.Scope(
      arguments.selection.netids, families: arguments.selection.families, in: namespaces,
      from: source, through: kernel)
  }

  /// The heading of a document about this moment.
  func head(time: UInt64) -> ReportHead {
    var head = session.head(command: "watch")
    if session.recording == nil { head.time = time }
    return head
  }
}
