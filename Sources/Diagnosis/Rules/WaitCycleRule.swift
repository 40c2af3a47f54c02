import ProcNet

/// Processes wait for each other in a ring.
struct WaitCycleRule: Rule {
  static let kind = FindingDescription.waitCycle

  func findings(in file: CaseFile) -> [Finding] {
    var rings: Set<Set<Int32>> = []
    var found: [Finding] = []
    for server in file.servers {
      for obstacle in server.obstacles {
        let path = WaitChain.follow(obstacle.thread, in: file)
        guard case .cycle(let ring) = path.end, Set(ring.map(\.process)).count > 1,
          rings.insert(Set(ring.map(\.process))).inserted
        else { continue }
        found.append(finding(file, server, obstacle, path, ring))
      }
    }
    return found
  }

  private func finding(
    _ file: CaseFile, _ server: ServerCase, _ obstacle: Obstacle, _ path: WaitChain.Path,
    _ ring: [ProcessName]
  ) -> Finding {
    let words = ServerWords(file, server)
    var finding = Finding(
      Self.kind, .critical,
      """
      \(Words.list(ring.map(\.text), most: 6)) wait for each other in a ring: \
      \(ring.count == 2 ? "neither" : "none") can go on
      """,
      about: .process(ring.first ?? obstacle.thread.process))
    finding.story = path.links.map { link in
      """
      \(link.process.text) \
      waits\(link.call.map { " in \($0)()" } ?? "")\(link.descriptor.map { " on fd \($0)" } ?? "") \
      for \(link.waitsFor?.text ?? "the next").
      """
    }
    finding.story.append(words.waiting)
    finding.evidence = words.evidence
    for link in path.links {
      let thread = link.thread ?? link.process.process
      var fact = Evidence(
        "thread \(link.process.name)", link.call ?? "unknown",
        source: "/proc/\(link.process.process)/task/\(thread)/syscall"
      ).of(process: link.process.process, thread: link.thread, descriptor: link.descriptor)
      if let row = row(link, file) { fact = fact.on(row) }
      finding.evidence.append(fact)
    }
    finding.chain = path.links
    if let call = path.links.first?.waitsFor?.socket, !call.netid.isUnix, call.peer != nil {
      finding.beginRemedy(
        with:
          """
          Break the ring now: restart one member, or close one connection of it: \
          \(EndWords.closing(call))
          """
      )
    }
    finding.check = ring.prefix(4).map { "cat /proc/\($0.process)/syscall" }
    return finding
  }

  /// The connection at which a member of the ring waits.
  private func row(_ link: ChainLink, _ file: CaseFile) -> Socket? {
    guard let process = file.processes[link.process.process], let descriptor = link.descriptor,
      case .socket(let inode)? = process.snapshot.descriptors?[descriptor]
    else { return nil }
    return file.table.socket(inode: inode)
  }
}
