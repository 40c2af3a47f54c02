import Diagnosis
import ProcNet

/// A wait chain as it is drawn: a station for each party on the way from the clients to the root
/// cause. Text, Markdown, DOT, SVG and HTML draw the same stations.
struct DrawnChain {
  let stations: [Station]

  /// A party that waits, or is waited for.
  struct Station: Hashable {
    /// `clients ×12`, `nginx (pid 12)`, `10.0.0.9:5432`.
    var name: String
    /// Where those before it reach it: `127.0.0.1:80`.
    var place: String?
    /// What it does: `2 workers`, `recvfrom fd 6`, `silent`.
    var notes: [String] = []
    /// Milliseconds for which it has been waiting, or has been silent.
    var since: UInt64?
    /// The same party in another chain has the same key.
    var key: String
    /// What all before it wait for in the end.
    var isRoot = false

    /// What follows the name: `at 127.0.0.1:80, 2 workers, recvfrom fd 6 for 7 s`.
    var details: String {
      var text = place.map { " at \($0)" } ?? ""
      let doing = notes.joined(separator: ", ")
      if !doing.isEmpty { text += ", \(doing)" }
      if let since {
        text += doing.isEmpty ? ", \(Phrase.duration(since))" : " for \(Phrase.duration(since))"
      }
      return text
    }

    var text: String { name + details }
  }

  /// Nil where nothing is known of who waits for whom.
  init?(_ group: FindingGroup) {
    let front = group.listener
    var stations = [Self.clients(group.waiting)]
    let chain = group.chain
    if let first = chain.first {
      stations.append(Self.station(first, at: front?.text))
      stations += zip(chain, chain.dropFirst()).map { before, link in
        Self.station(link, after: before)
      }
      if let end = chain.last.flatMap(Self.end) { stations.append(end) }
    } else if case .process(let process) = group.cause.subject, front != nil {
      var station = Station(name: process.text, place: front?.text, key: "pid \(process.process)")
      station.notes = [group.cause.kind.title.lowercasedFirst]
      stations.append(station)
    } else {
      return nil
    }
    let workers = group.findings.map(\.workers.count).max() ?? 0
    if workers > 1 { stations[1].notes.insert("\(workers) of \(workers) workers busy", at: 0) }
    stations[stations.count - 1].isRoot = true
    self.stations = stations
  }

  private static func clients(_ waiting: Finding.Waiting?) -> Station {
    let count = waiting?.clients ?? 0
    return Station(
      name: count == 0 ? "clients" : count == 1 ? "1 client" : "clients ×\(count)",
      since: waiting?.oldest, key: "clients")
  }

  private static func station(_ link: ChainLink, at place: String?) -> Station {
    var station = Station(
      name: link.process.text, place: place,
      key: "pid \(link.process.process) \(link.thread ?? 0)")
    if let thread = link.thread, thread != link.process.process {
      station.notes.append("thread \(thread)")
    }
    station.notes.append(doing(link))
    station.notes.removeAll(where: \.isEmpty)
    station.since = link.since
    return station
  }

  private static func station(_ link: ChainLink, after before: ChainLink) -> Station {
    guard before.waitsFor?.kind == .lock, before.process == link.process, let thread = link.thread
    else { return station(link, at: before.waitsFor.flatMap(place)) }
    var owner = station(link, at: nil)
    owner.name = "thread \(thread)"
    owner.notes = ["of \(link.process.text)", "has that lock"] + owner.notes.dropFirst()
    return owner
  }

  /// `recvfrom fd 6`, `futex (a lock at 0x7f…)`, `computes`.
  private static func doing(_ link: ChainLink) -> String {
    switch link.waitsFor?.kind {
    case .processor: return "computes"
    case .stopped: return link.call ?? "stopped"
    case .timer: return "sleeps in \(link.call ?? "a system call")"
    case .lock: return "waits for \(link.waitsFor?.text ?? "a lock")"
    default: break
    }
    guard let call = link.call else { return "" }
    return link.descriptor.map { "\(call) fd \($0)" } ?? call
  }

  /// The address at which what is waited for is reached; nil where it has none.
  static func place(_ target: ChainLink.Target) -> String? {
    guard let socket = target.socket else { return nil }
    switch target.kind {
    case .acceptQueue: return socket.text
    case .connection, .remote: return socket.peer.map(EvidenceSubject.text)
    default: return nil
    }
  }

  /// What the last thread waits for, where that is not a thread of the chain itself.
  private static func end(_ link: ChainLink) -> Station? {
    guard let target = link.waitsFor else { return nil }
    switch target.kind {
    case .processor, .stopped, .timer, .unknown, .lock: return nil
    case .connection, .remote:
      let place = place(target)
      var end = Station(
        name: target.process?.text ?? place ?? target.text, key: "end \(target.text)")
      guard target.process != nil || place != nil else { return end }
      end.place = target.process == nil ? nil : place
      end.notes = [link.sends ? "does not read" : "silent"]
      end.since = link.since
      return end
    case .acceptQueue, .child, .pipe, .disk, .memory, .output, .input:
      return Station(name: target.text, key: "end \(target.text)")
    }
  }

  /// In one line where it fits into the width, else a line for each station.
  func lines(width: Int?, style: TextStyle) -> [String] {
    let line = stations.map(\.text).joined(separator: " → ")
    guard let width, DisplayWidth.of(style.written(SafeText.string(line))) > width else {
      return [line]
    }
    return stations.enumerated().map { $0.offset == 0 ? $0.element.text : "→ \($0.element.text)" }
  }
}

extension ChainLink {
  /// Its call writes: the other end is one that does not read.
  var sends: Bool {
    ["write", "writev", "send", "sendto", "sendmsg", "sendfile"].contains(call ?? "")
  }
}

extension Finding.Waiting {
  /// Clients that wait, each on a connection of its own.
  var clients: Int { (requests ?? 0) + (connections ?? 0) }
}

extension FindingGroup {
  /// The listener at which clients meet the trouble.
  var listener: SocketName? { findingAtListener?.subject.listener }

  /// The worst finding that names a listener.
  var findingAtListener: Finding? {
    let named = findings.filter { $0.subject.listener != nil }
    let worst = named.map(\.severity).max()
    return named.first { $0.severity == worst }
  }
}

extension Subject {
  fileprivate var listener: SocketName? {
    if case .listener(let name) = self { name } else { nil }
  }
}

extension String {
  /// As it reads in the middle of a sentence; what begins with an abbreviation stays as it is.
  var lowercasedFirst: String {
    let second = dropFirst().first
    return second?.isUppercase == true ? self : prefix(1).lowercased() + dropFirst()
  }
}
