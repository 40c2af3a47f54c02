import ProcNet

/// Reads the words of a command line that are no options as a filter.
enum FilterReading {
  static func read(
    _ arguments: ListArguments, _ facts: HostFacts, _ kernel: any Kernel
  ) throws(UsageError) -> Filter {
    do throws(FilterError) {
      let filter = try parse(arguments, facts, kernel)
      facts.note(filter.needs)
      for warning in filter.warnings { Notice.show("warning: \(warning)") }
      return filter
    } catch {
      let lines = error.report.split(separator: "\n", maxSplits: 1)
      throw UsageError(
        error.message, detail: error.cause == nil && lines.count > 1 ? String(lines[1]) : nil,
        isUndecided: error.cause != nil)
    }
  }

  /// The same without a word to the person at the terminal.
  static func parse(
    _ arguments: ListArguments, _ facts: HostFacts, _ kernel: any Kernel
  ) throws(FilterError) -> Filter {
    let chosen = arguments.selection.resolved(filterStates: nil, isSelector: false)
    let context = ParseContext.live(
      netids: chosen.netids, families: chosen.families, kernel: kernel, surroundings: facts)
    return try Filter.parse(arguments.words, context)
  }
}

extension Filter {
  /// What has to be collected, in the listing's terms.
  var collected: Needs {
    var collected: Needs = []
    if needs.contains(.tcp) { collected.insert(.tcp) }
    if needs.contains(.memory) { collected.insert(.memory) }
    if !needs.isDisjoint(with: [.attributes, .service, .container, .controlGroup]) {
      collected.insert(.attributes)
    }
    if !needs.isDisjoint(with: [.owners, .service, .container]) { collected.insert(.owners) }
    if needs.contains(.peerOwners) { collected.formUnion([.owners, .peers]) }
    if needs.contains(.ownership) { collected.insert(.ownership) }
    return collected
  }
}
