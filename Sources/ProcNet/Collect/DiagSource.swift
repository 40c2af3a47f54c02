/// Sockets from sock_diag, the kernel's own interface for this (TCP since Linux 2.6.14, UDP and
/// unix 3.3, packet 3.8, raw 4.10).
public struct DiagSource: SocketSource {
  /// How often a dump is repeated that changed while it was read.
  private static let attempts = 3

  /// Asked for a table that sock_diag does not give, whatever its reason; nil for none.
  private let fallback: (any SocketSource)?

  /// Asks sock_diag, and for tables that it refuses the other source.
  public init(fallback: (any SocketSource)? = nil) { self.fallback = fallback }

  /// Dumps each table that the query asks for, up to three times while it keeps changing; a socket
  /// that comes twice is passed on once.
  public func list(
    _ query: SocketQuery, through kernel: any Kernel, gaps: inout [Gap],
    _ sink: (borrowing Socket) throws(KernelError) -> Void
  ) throws(KernelError) {
    var listing = Listing(query: query, kernel: kernel)
    for table in Table.all(for: query) {
      let before = listing.shown
      guard let failure = try listing.dump(table, sink) else { continue }
      // Once rows have come, another source would show the same sockets again.
      if let fallback, listing.shown == before {
        var found: [Gap] = []
        try fallback.list(table.narrowed(query), through: kernel, gaps: &found, sink)
        for gap in found.map({ $0.insteadOfDiag(failure, kernel) }) where !gaps.contains(gap) {
          gaps.append(gap)
        }
      } else {
        gaps.append(
          table.gap(
            failure, isPartial: listing.shown > before, of: query.namespace, through: kernel))
      }
    }
  }

  /// One listing under way.
  private struct Listing {
    let query: SocketQuery
    let kernel: any Kernel
    private var seen = SocketDeduplicator()
    private var users: UnknownUsers
    /// Sockets passed on so far.
    private(set) var shown = 0

    init(query: SocketQuery, kernel: any Kernel) {
      self.query = query
      self.kernel = kernel
      users = UnknownUsers(through: kernel)
    }

    /// Lists one table. Answers why the kernel refused; throws only what the sink throws.
    mutating func dump(
      _ table: Table, _ sink: (borrowing Socket) throws(KernelError) -> Void
    ) throws(KernelError) -> KernelError? {
      var query = query
      // Only inet_diag takes byte code; other tables would be asked the same thing twice.
      if !table.isInternet { query.program = nil }
      for attempt in 1...DiagSource.attempts {
        let outcome = try dumpOnce(table, query, sink)
        switch outcome {
        case .complete: return nil
        case .refused(let failure):
          // A kernel that does not take our byte code gets the question without it.
          guard query.program != nil, attempt < DiagSource.attempts else { return failure }
          query.program = nil
        case .interrupted: continue
        }
      }
      return KernelError("list", table.name, .interrupted)
    }

    private enum Outcome {
      case complete, interrupted
      case refused(KernelError)
    }

    /// Errors of the sink are told apart from the kernel's by keeping them aside.
    private mutating func dumpOnce(
      _ table: Table, _ query: SocketQuery,
      _ sink: (borrowing Socket) throws(KernelError) -> Void
    ) throws(KernelError) -> Outcome {
      let request = NetlinkRequest(
        subsystem: .socketDiagnosis, namespacePath: query.namespace.path,
        message: table.request(query))
      var sinkFailure: KernelError?
      do throws(KernelError) {
        let interrupted = try NetlinkDump.run(request, about: table.name, through: kernel) {
          (payload) throws(KernelError) in
          do throws(KernelError) {
            try take(payload, table, query, sink)
          } catch {
            sinkFailure = error
            throw error
          }
        }
        return interrupted ? .interrupted : .complete
      } catch {
        if let sinkFailure { throw sinkFailure }
        return .refused(error)
      }
    }

    @inline(__always)
    private mutating func take(
      _ payload: borrowing Span<UInt8>, _ table: Table, _ query: SocketQuery,
      _ sink: (borrowing Socket) throws(KernelError) -> Void
    ) throws(KernelError) {
      guard var socket = table.decode(payload, query) else { return }
      guard query.states.contains(socket.state), query.netids.contains(socket.netid) else {
        return
      }
      guard seen.insert(socket.cookie ?? 0) else { return }
      socket.namespace = query.namespace.inode
      users.clear(&socket)
      shown += 1
      try sink(socket)
    }
  }

  /// One dump request: a kind of socket in one family.
  enum Table: Equatable {
    case internet(Netid, AddressFamily)
    case unix
    case packet

    /// The tables of a query, in the order of the listing.
    static func all(for query: SocketQuery) -> [Table] {
      var tables: [Table] = []
      let isPacket = !query.netids.isDisjoint(with: .packet) && query.families.contains(.packet)
      if isPacket && query.states.contains(StateSet(.close)) { tables.append(.packet) }
      if !query.netids.isDisjoint(with: .unix), query.families.contains(FamilySet.unix) {
        tables.append(.unix)
      }
      for netid in [Netid.raw, .udp, .tcp] where query.netids.contains(netid) {
        if query.families.contains(FamilySet.inet) { tables.append(.internet(netid, .inet)) }
        if query.families.contains(FamilySet.inet6) { tables.append(.internet(netid, .inet6)) }
      }
      return tables
    }

    /// The same question for this table alone.
    func narrowed(_ query: SocketQuery) -> SocketQuery {
      var narrow = query
      switch self {
      case .internet(let netid, let family):
        narrow.netids = NetidSet(netid)
        narrow.families = FamilySet(family)
      case .unix: narrow.netids = query.netids.intersection(.unix)
      case .packet: narrow.netids = query.netids.intersection(.packet)
      }
      return narrow
    }

    /// That the table is missing; or a part of it, where some of it has been shown.
    func gap(
      _ failure: KernelError, isPartial: Bool, of namespace: NetworkNamespace,
      through kernel: any Kernel
    ) -> Gap {
      let isSome = isPartial || failure.cause == .interrupted
      return Gap(
        .sockets, missing: isSome ? "some \(name)" : name, reason: failure.reason,
        remedy: failure.isUnsupported
          ? "--source proc may show them" : kernel.remedy(for: failure),
        isWholeTable: !isSome && !namespace.hasEnded(failure))
    }

    var isInternet: Bool { if case .internet = self { true } else { false } }

    var name: String {
      switch self {
      case .internet(let netid, let family):
        "\(netid.name) sockets\(family == .inet6 ? " over IPv6" : "")"
      case .unix: "unix sockets"
      case .packet: "packet sockets"
      }
    }

    func request(_ query: SocketQuery) -> [UInt8] {
      switch self {
      case .internet(let netid, let family):
        DiagRequest.internet(
          netid, family, states: states(netid, query), details: query.details,
          program: query.program)
      case .unix: DiagRequest.unix(states: query.states, details: query.details)
      case .packet: DiagRequest.packet()
      }
    }

    /// No TCP socket of a table is in state CLOSE, but asked for it together with LISTEN, the kernel
    /// walks through all buckets of its connections, in vain: 1.4 ms instead of 0.05 ms.
    private func states(_ netid: Netid, _ query: SocketQuery) -> StateSet {
      netid == .tcp && query.states == .listening ? StateSet(.listen) : query.states
    }

    @inline(__always)
    func decode(_ payload: borrowing Span<UInt8>, _ query: SocketQuery) -> Socket? {
      switch self {
      case .internet(let netid, _):
        InetDiagMessage.decode(payload, netid, details: query.details)
      case .unix: UnixDiagMessage.decode(payload, details: query.details)
      case .packet: PacketDiagMessage.decode(payload)
      }
    }
  }
}

extension Gap {
  /// What `/proc` lacks, told where it was asked because sock_diag gave nothing: that sock_diag
  /// has it is no help there.
  fileprivate func insteadOfDiag(_ failure: KernelError, _ kernel: any Kernel) -> Gap {
    guard kind == .limits else { return self }
    var gap = self
    gap.reason += ", and sock_diag says: \(failure.reason)"
    gap.remedy = kernel.remedy(for: failure)
    return gap
  }
}

/// The sockets that a listing has shown already.
///
/// The kernel dumps a changing table in pieces and can come by the same socket twice (a new one
/// at the head of a hash chain shifts the others). Open addressing over the kernel's cookies:
/// 16 bytes a socket, no allocation a row.
struct SocketDeduplicator {
  private var slots = [UInt64](repeating: 0, count: 1024)
  private var count = 0

  /// Remembers a number; false when it was there before. 0 stands for "none" and is always new.
  @inline(__always)
  mutating func insert(_ number: UInt64) -> Bool {
    guard number != 0 else { return true }
    if count * 4 >= slots.count * 3 { grow() }
    let isNew = Self.place(number, in: &slots)
    if isNew { count += 1 }
    return isNew
  }

  @inline(__always)
  private static func place(_ number: UInt64, in slots: inout [UInt64]) -> Bool {
    let mask = slots.count - 1
    // The brackets matter: a shift binds tighter than a product.
    var index = Int(truncatingIfNeeded: (number &* 0x9E37_79B9_7F4A_7C15) >> 20) & mask
    while true {
      let held = slots[index]
      if held == 0 {
        slots[index] = number
        return true
      }
      if held == number { return false }
      index = (index + 1) & mask
    }
  }

  private mutating func grow() {
    var larger = [UInt64](repeating: 0, count: slots.count * 2)
    for number in slots where number != 0 { _ = Self.place(number, in: &larger) }
    slots = larger
  }
}
