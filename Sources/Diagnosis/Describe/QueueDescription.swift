import ProcNet

/// The state of an accept queue, in sentences and as evidence.
struct QueueDescription {
  let listener: ObservedListener

  init(_ listener: ObservedListener) { self.listener = listener }

  private var queue: AcceptQueue? { listener.listener.acceptQueue }
  private var isUnix: Bool { listener.socket.netid.isUnix }

  /// `6 connections wait, the limit is 5`.
  var figures: String {
    let limit = listener.limit.map { ", the limit is \($0)" } ?? ""
    return "\(Phrase.count(listener.length, "connection")) "
      + "\(listener.length == 1 ? "waits" : "wait")\(limit)"
  }

  /// How many wait, for how long, and what became of those of the first sample.
  var state: String {
    [waiting, movement, ages, ghosts].compactMap { $0 }.joined(separator: " ")
  }

  private var waiting: String {
    let one = listener.length == 1
    let limit = listener.limit.map { "; its limit is \($0), and the kernel lets in one more" } ?? ""
    return "\(Phrase.count(listener.length, "connection")) \(one ? "waits" : "wait") at "
      + "\(listener.name.text) to be accepted\(limit)."
  }

  private var movement: String? {
    guard let span = listener.span, listener.knowsWaiting else { return nil }
    let time = Phrase.duration(span)
    let stay = listener.stillWaiting
    if listener.taken == 0 {
      return stay == 0 ? nil : "None of those that waited was accepted within \(time)."
    }
    return "Within \(time) \(listener.taken) of those that waited left the queue; "
      + "\(stay) still \(stay == 1 ? "waits" : "wait")."
  }

  private var ages: String? {
    guard let oldest = queue?.oldest else { return nil }
    guard listener.length > 2, let median = queue?.median, median < oldest else {
      return "The oldest has been waiting for \(Phrase.duration(oldest))."
    }
    return "The oldest has been waiting for \(Phrase.duration(oldest)), half of them for "
      + "\(Phrase.duration(median)) or longer."
  }

  private var ghosts: String? {
    var parts: [String] = []
    if let gone = queue?.abandoned, gone > 0 {
      parts.append(
        gone == 1
          ? "one client has already hung up, but is still queued"
          : "\(gone) clients have already hung up, but are still queued")
    }
    if let unread = queue?.unreadBytes, unread > 0 {
      parts.append(
        "\(Phrase.count(unread, "byte")) that clients sent \(unread == 1 ? "is" : "are") unread")
    }
    guard !parts.isEmpty else { return nil }
    let text = Phrase.list(parts)
    return text.prefix(1).uppercased() + text.dropFirst() + "."
  }

  /// What the listener has dropped; nil when that is nothing, or not known.
  var losses: String? {
    guard let drops = listener.listener.drops, drops > 0 else { return nil }
    let all = "\(drops) since the listener was opened"
    guard let span = listener.span, let new = listener.newDrops else {
      return "The listener has dropped segments of clients: \(all)."
    }
    guard new > 0 else { return "It has dropped \(all), none of them just now." }
    return "Within \(Phrase.duration(span)) \(Phrase.count(new, "attempt")) to connect "
      + "\(new == 1 ? "was" : "were") dropped (\(all); every retry of a client counts)."
  }

  /// `It is open in python3 (pid 3040) as fd 3.`
  var holders: String? {
    guard !listener.owners.isEmpty else { return listener.hiddenOwner?.sentence }
    let names = listener.owners.map {
      "\(ProcessName($0).text) as fd \($0.descriptor)"
    }
    return "It is open in \(Phrase.list(names))."
  }

  // --- evidence ------------------------------------------------------------------------------

  var evidence: [Evidence] {
    let socket = listener.socket
    var found: [Evidence] = []
    func add(_ fact: String, _ number: (some BinaryInteger)?, _ unit: String, _ source: String) {
      guard let number else { return }
      found.append(Evidence(fact, number, unit: unit, source: source).on(socket))
    }
    add("accept queue", listener.length, "connections", lengthSource)
    add("limit of the accept queue", listener.limit, "connections", limitSource)
    if listener.knowsWaiting, listener.span != nil {
      add("still waiting since the first sample", listener.stillWaiting, "connections", rowSource)
      add("left the queue since the first sample", listener.taken, "connections", rowSource)
    }
    add("longest wait", queue?.oldest, "ms", "tcp_info tcpi_last_data_sent of the waiting rows")
    if let gone = queue?.abandoned, gone > 0 {
      add("clients that hung up", gone, "connections", "rows in CLOSE-WAIT with inode 0")
    }
    add("drops", listener.listener.drops, "segments", Self.dropsSource)
    add("drops since the first sample", listener.newDrops, "segments", Self.dropsSource)
    return found + holderEvidence
  }

  private var holderEvidence: [Evidence] {
    listener.owners.prefix(Self.mostHolders).map { owner in
      Evidence(
        "owner", String(rawBytes: owner.command),
        source: "/proc/\(owner.process)/fd/\(owner.descriptor)"
      ).on(listener.socket).of(process: owner.process, descriptor: owner.descriptor)
    }
  }

  /// Enough to find the others of a prefork server with hundreds of processes.
  private static let mostHolders = 8
  static let dropsSource = "sock_diag SK_MEMINFO_DROPS"

  private var lengthSource: String { Self.lengthSource(listener.socket) }

  /// Rows of sock_diag have a cookie, those of `/proc` have none.
  static func lengthSource(_ socket: Socket) -> String {
    if socket.netid.isUnix { return "sock_diag UNIX_DIAG_RQLEN udiag_rqueue" }
    return socket.cookie == nil ? "/proc/net/tcp rx_queue" : "sock_diag idiag_rqueue"
  }

  private var limitSource: String {
    isUnix ? "sock_diag UNIX_DIAG_RQLEN udiag_wqueue" : "sock_diag idiag_wqueue"
  }
  private var rowSource: String {
    isUnix ? "sock_diag UNIX_DIAG_ICONS" : "rows with inode 0 at the listener"
  }
}

extension HiddenOwner {
  /// `Its owner cannot be seen; the listener was made by user root in the cgroup /x.service, …`.
  var sentence: String {
    let names = candidates.prefix(Self.mostNamed + 1).map(\.process.text)
    var text = "Its owner cannot be seen"
    let belongings = [
      user.map { "user \(String(rawBytes: $0))" } ?? uid.map { "user \($0)" },
      group.map { "the cgroup \(String(rawBytes: $0))" },
    ].compactMap { $0 }
    if !belongings.isEmpty { text += "; it belongs to \(belongings.joined(separator: " in "))" }
    if (1...Self.mostNamed).contains(names.count) {
      text += ", which has \(Phrase.list(names, most: 8))"
    }
    return text + ". Only root sees which process it is, and what its threads wait for."
  }
}
