import ProcNet

/// Which sockets somebody wants to see: ss's language and more, see sockinspect-filter(7).
struct Filter: Sendable {
  /// What was asked for, as it was read.
  let expression: Expression
  /// States that a matching socket can have; nil when the filter does not speak of states, so
  /// that the caller's default applies.
  let states: StateSet?
  /// Families that a matching socket can be of; nil for any.
  let families: FamilySet?
  /// Kinds that a matching socket can be of; nil for any.
  let netids: NetidSet?
  /// A lone selector (`:8080`, `pid:812`, `nginx`), which asks for sockets in every state.
  let isSelector: Bool
  /// What must be collected before `matches` can answer.
  let needs: FilterNeeds
  /// One line each: where a word could have been meant otherwise.
  let warnings: [String]
  /// The same meaning in the order in which it is cheapest to answer.
  private let plan: Expression
  private let negationsInside: Expression

  /// Reads the arguments that are left of a command line; each may hold several words.
  static func parse(
    _ words: [String], _ context: ParseContext
  ) throws(FilterError) -> Filter {
    var parser = try FilterParser(words.joined(separator: " "), context)
    if let selector = try parser.loneSelector() {
      return Filter(selector, isSelector: true, warnings: parser.warnings)
    }
    let expression = try parser.filter()
    return Filter(expression, isSelector: false, warnings: parser.warnings)
  }

  init(_ expression: Expression, isSelector: Bool = false, warnings: [String] = []) {
    self.expression = expression
    self.isSelector = isSelector
    self.warnings = warnings.map { PrintableInput.line($0) }
    negationsInside = expression.withNegationsInside()
    plan = negationsInside.cheapestFirst()
    needs = expression.needs
    let reach = negationsInside.reach
    let named = (isSelector ? StateSet.every : .all).union(expression.namedStates)
    states = expression.speaksOfStates ? reach.states.intersection(named) : nil
    families = reach.families == .all ? nil : reach.families
    netids = reach.netids == .all ? nil : reach.netids
  }

  var isEmpty: Bool { expression == .always }

  /// Whether a socket is wanted. Only what `needs` names is looked up, and only when the rest of
  /// the answer depends on it.
  func matches(_ socket: borrowing Socket, _ surroundings: any SocketContext) -> Bool {
    if let states, !states.contains(socket.state) { return false }
    return plan.matches(socket, surroundings)
  }

  /// inet_diag byte code for the kernel, which keeps every internet socket that matches, and as
  /// few others as it can tell apart; nil when it can't tell any.
  func kernelProgram() -> [UInt8]? {
    KernelProgram.compile(negationsInside)
  }
}
