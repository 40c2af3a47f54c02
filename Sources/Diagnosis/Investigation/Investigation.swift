import ProcNet

/// Examines a host: two looks, then a closer one at whatever looks suspicious.
public struct Investigation {
  /// Where to look.
  public struct Scope {
    public var places: [NamespacePlace]
    public var source: any SocketSource
    public var moments: Moments

    public init(places: [NamespacePlace], source: any SocketSource, moments: Moments) {
      self.places = places
      self.source = source
      self.moments = moments
    }
  }

  /// What of the host the answer is to be about; findings elsewhere that cause these stay in it.
  public struct Focus {
    /// Whether a socket is meant: a listener, or a connection.
    public var includes: (borrowing Socket) -> Bool
    /// A process that is meant, whatever its sockets are.
    public var process: Int32?

    public init(process: Int32? = nil, includes: @escaping (borrowing Socket) -> Bool) {
      self.process = process
      self.includes = includes
    }
  }

  let scope: Scope
  let focus: Focus?
  var gaps: [Gap] = []

  /// Looks, waits, looks again, and says what it found.
  public static func run(_ scope: Scope, focus: Focus? = nil) throws(KernelError) -> Diagnosis {
    var investigation = Investigation(scope: scope, focus: focus)
    let file = try investigation.collect()
    let findings = Judgement(file).findings
    let chosen = focus.map { FocusedFindings(file, $0).choose(findings) } ?? findings
    return Diagnosis(findings: chosen, gaps: investigation.gaps, scope: investigation.covered(file))
  }

  /// Everything that rules judge: cheap as long as all is calm.
  mutating func collect() throws(KernelError) -> CaseFile {
    let moments = scope.moments
    let settings = settings(moments.first)
    let first = try Look.take(
      scope, through: moments.first, settings: settings, measuring: moments.interval == nil)
    moments.wait()
    let second =
      moments.interval == nil
      ? first
      : try Look.take(
        scope, through: moments.second, settings: settings, measuring: true)
    note(first.gaps + second.gaps + (moments.interval == nil ? [OneLook.gap] : []))
    let host = scan(moments.second)
    var file = CaseFile(first: first, last: second)
    file.settings = settings
    file.host = host
    let suspects = Suspects(first, second, host)
    if !suspects.isEmpty || focus != nil {
      try CloseLook(scope: scope, suspects: suspects, focus: focus).complete(&file, gaps: &gaps)
    }
    file.descriptors = DescriptorScan(host, file.processes, through: moments.second)
    file.span = span(file)
    file.listeners = ListenerReading(file, middle: second).read()
    findHolders(&file)
    file.servers = servers(file)
    return file
  }

  /// Of listeners in trouble that nobody is seen to hold.
  private func findHolders(_ file: inout CaseFile) {
    let orphans = file.listeners.indices.filter {
      file.listeners[$0].needsExplaining && file.listeners[$0].owners.isEmpty
    }
    guard !orphans.isEmpty else { return }
    let search = HolderSearch(file.host, through: scope.moments.second)
    for place in orphans {
      file.listeners[place].unseen = search.holder(
        of: file.listeners[place].socket, hidesProcesses: !file.host.gaps.isEmpty)
    }
  }

  /// Servers whose queue does not drain, and those that owe their clients a read.
  private func servers(_ file: CaseFile) -> [ServerCase] {
    let owing = Owed(file).listeners
    return file.listeners.filter { $0.needsExplaining || owing.contains($0.socket.inode) }
      .map { listener in
        var server = ServerReading(file, listener).read()
        server.isOwed = owing.contains(listener.socket.inode)
        return server
      }
  }

  private func span(_ file: CaseFile) -> UInt64? {
    guard let interval = scope.moments.interval else { return nil }
    return scope.moments.isLive ? file.last.time &- file.first.time : interval
  }

  private func settings(_ kernel: any Kernel) -> [UInt32: NetworkSettings] {
    var found: [UInt32: NetworkSettings] = [:]
    for place in scope.places {
      found[place.inode] = NetworkSettings(in: place, through: kernel)
    }
    return found
  }

  /// Without a list of processes there is still what the sockets say.
  private mutating func scan(_ kernel: any Kernel) -> HostProcesses {
    do throws(KernelError) {
      let host = try HostProcesses.scan(through: kernel)
      note(host.gaps)
      return host
    } catch {
      note([Gap(missing: "processes", reason: error.reason)])
      return HostProcesses()
    }
  }

  private mutating func note(_ found: [Gap]) {
    for gap in found where !gaps.contains(gap) { gaps.append(gap) }
  }

  private func covered(_ file: CaseFile) -> Diagnosis.Scope {
    var covered = Diagnosis.Scope()
    covered.listeners = file.last.listeners.filter { $0.socket.state == .listen }.count
    covered.sockets = file.last.census.sockets
    covered.processes = file.host.processes.count
    covered.interval = file.span
    covered.looks = file.span == nil ? 1 : file.looks
    return covered
  }
}
