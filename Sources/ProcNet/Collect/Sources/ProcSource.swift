/// Sockets from the tables under `/proc/net`: for hosts where sock_diag is missing or forbidden.
///
/// The tables know less than sock_diag: no limits of accept queues, no cookies, no `tcp_info`; of
/// unix sockets only how many connections wait at a listener, by the rows of their ends.
public struct ProcSource: SocketSource {
  public init() {}

  public func list(
    _ query: SocketQuery, through kernel: any Kernel, gaps: inout [Gap],
    _ sink: (borrowing Socket) throws(KernelError) -> Void
  ) throws(KernelError) {
    guard let folder = query.namespace.tables else {
      let gap = Self.noTables(query)
      if !gaps.contains(gap) { gaps.append(gap) }
      return
    }
    var listing = Listing(query: query, folder: folder, kernel: kernel)
    for table in ProcSourceTable.allCases where table.isWanted(by: query) {
      try listing.read(table, sink)
    }
    listing.conclude()
    // A source that falls back on this one table by table would have the same gap twice.
    for gap in listing.gaps where !gaps.contains(gap) { gaps.append(gap) }
  }

  private static func noTables(_ query: SocketQuery) -> Gap {
    let place = query.namespace
    let kinds = Netid.allCases.filter { query.netids.contains($0) }.map(\.name)
    return Gap(
      .sockets,
      missing: (query.netids == .all ? "" : kinds.joined(separator: ", ") + " ")
        + "sockets of network namespace \(place.name ?? String(place.inode))",
      reason: "they are read from /proc, and no process lives in it")
  }

  /// One listing under way, over all tables.
  private struct Listing {
    let query: SocketQuery
    let folder: String
    let kernel: any Kernel
    var gaps: [Gap] = []
    private var foundTable = false
    private var foundListener = false
    private var missingTCP: KernelError?

    init(query: SocketQuery, folder: String, kernel: any Kernel) {
      self.query = query
      self.folder = folder
      self.kernel = kernel
    }

    mutating func read(
      _ table: ProcSourceTable, _ sink: ProcSourceRows.Sink
    ) throws(KernelError) {
      let path = "\(folder)/\(table.rawValue)"
      var lines = LineReader()
      var rows = ProcSourceRows(table, query, kernel)
      do throws(KernelError) {
        try kernel.read(path) { (piece) throws(KernelError) in
          try lines.take(piece) { (line) throws(KernelError) in try rows.take(line, sink) }
        }
        try lines.finish { (line) throws(KernelError) in try rows.take(line, sink) }
      } catch {
        if let failure = rows.sinkFailure { throw failure }
        note(error, table, isBegun: rows.rows > 0)
      }
      try rows.finish(sink)
      try rows.passListeners(sink)
      note(rows, path, overlongLines: lines.overlongLines)
    }

    /// What is true of the listing as a whole.
    mutating func conclude() {
      if foundListener {
        gaps.append(
          Gap(
            .limits, missing: "accept queue limits",
            reason: "\(folder) does not have them", remedy: "sock_diag has them"))
      }
      if gaps.isEmpty, !foundTable || missingTCP != nil { checkFolder() }
    }

    /// A missing file is a protocol that this kernel does not have.
    private mutating func note(_ error: KernelError, _ table: ProcSourceTable, isBegun: Bool) {
      let path = "\(folder)/\(table.rawValue)"
      if error.isGone && !isBegun {
        if table == .tcp { missingTCP = KernelError("read", path, error.cause) }
        return
      }
      gaps.append(
        Gap(
          .sockets, missing: isBegun ? "the rest of \(path)" : path, reason: error.reason,
          remedy: kernel.remedy(for: error), isWholeTable: !isBegun))
    }

    private mutating func note(_ rows: ProcSourceRows, _ path: String, overlongLines: Int) {
      if rows.rows > 0 { foundTable = true }
      if rows.hasListener { foundListener = true }
      let bad = rows.badRows + overlongLines
      guard bad > 0 else { return }
      gaps.append(
        Gap(
          .sockets, missing: "\(bad) \(bad == 1 ? "row" : "rows") of \(path)",
          reason: "not in the form that is known"))
    }

    /// No socket anywhere: `dev` is in every namespace, so without it the process whose folder
    /// this was has ended, or the folder is not what it should be. TCP is in every kernel that
    /// this program is of use on.
    private mutating func checkFolder() {
      do throws(KernelError) {
        _ = try kernel.identity(of: "\(folder)/dev")
        guard let missing = missingTCP else { return }
        gaps.append(
          Gap(
            .sockets, missing: missing.subject, reason: missing.reason, isWholeTable: true))
      } catch {
        guard error.isGone else { return }
        gaps.append(
          Gap(
            .sockets, missing: "sockets of \(folder)", reason: error.reason,
            isWholeTable: !query.namespace.hasEnded(error)))
      }
    }
  }
}
