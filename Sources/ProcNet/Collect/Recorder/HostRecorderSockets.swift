/// The part of a recording that belongs to one network namespace.
extension HostRecorder {
  /// How often a dump is asked for that changed while it was given; the last one is kept as is.
  private static let attempts = 3

  /// Every state, also those that this program does not know.
  private static let everything = StateSet(rawValue: .max)

  mutating func recordNamespace(_ place: NetworkNamespace) throws(KernelError) {
    let query = SocketQuery(
      netids: .all, states: Self.everything, details: .all, namespace: place)
    for table in DiagSource.Table.all(for: query) {
      try recordDump(.socketDiagnosis, table.request(query), place, table.name)
    }
    let links = try recordDump(.route, InterfacesMessage.request, place, "interfaces")
    let addresses = try recordDump(.route, OwnAddresses.request, place, "addresses")
    if let tables = place.tables {
      try recordIdentity("\(tables)/dev")
      let others = links && addresses ? [] : HostRecorderPaths.insteadOfRouteAnswers
      for name in HostRecorderPaths.tables + others { try recordFile("\(tables)/\(name)") }
    }
    if let path = place.path { try recordLink(path) }
  }

  /// Those of a namespace other than our own; ours are among the host's files.
  func recordSettings(of place: NetworkNamespace) throws(KernelError) {
    guard let namespace = place.path else { return }
    for path in HostRecorderPaths.ofNamespace {
      try attempt { (kernel) throws(KernelError) in
        _ = try kernel.setting(path, inNamespaceAt: namespace)
      }
    }
  }

  /// False when there was no answer.
  @discardableResult
  private mutating func recordDump(
    _ subsystem: NetlinkRequest.Subsystem, _ message: [UInt8], _ place: NetworkNamespace,
    _ name: String
  ) throws(KernelError) -> Bool {
    let request = NetlinkRequest(
      subsystem: subsystem, namespacePath: place.path, message: message)
    for attempt in 1...Self.attempts {
      let isLast = attempt == Self.attempts
      let failure = try self.attempt { (kernel) throws(KernelError) in
        try Self.drain(request, kernel, acceptingInterruption: isLast)
      }
      guard let failure, failure.cause == .interrupted else {
        noteFailure(failure, name, place)
        return failure == nil
      }
    }
    return false
  }

  /// Reads an answer to its end; throws `interrupted` when it should be asked for again.
  private static func drain(
    _ request: NetlinkRequest, _ kernel: RecordingKernel, acceptingInterruption: Bool
  ) throws(KernelError) {
    try kernel.ask(request) { (datagram) throws(KernelError) in
      let dump = RecordingDump(datagram: datagram)
      if dump.wasInterrupted && !acceptingInterruption {
        throw KernelError("read", "a dump", .interrupted)
      }
      return dump.isOver ? .complete : .more
    }
  }

  /// A kernel without a table is no gap; one that does not let us in is, once for a namespace.
  private mutating func noteFailure(
    _ failure: KernelError?, _ name: String, _ place: NetworkNamespace
  ) {
    guard let failure, !failure.isUnsupported else { return }
    var gap = Gap(
      missing: name, reason: failure.reason,
      remedy: failure.isDenied && !kernel.isRoot ? "record as root" : nil)
    if let path = place.path { gap.missing = "what sock_diag says in \(path)" }
    if !gaps.contains(gap) { note(gap) }
  }
}
