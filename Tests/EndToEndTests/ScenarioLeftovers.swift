import Foundation

/// What a scenario has left behind; nothing, if all is well.
struct ScenarioLeftovers {
  let ready: ScenarioReady
  let mark: String
  /// The inode of the scenario's own network namespace.
  let namespace: String?

  init(of hold: ScenarioHold) {
    ready = hold.ready
    mark = hold.mark
    namespace = ready.netns.flatMap(Self.namespace)
  }

  /// In words. Polls, because after SIGKILL the kernel ends the children a moment later.
  func found() throws -> [String] {
    let deadline = ContinuousClock.now + .seconds(60)
    while true {
      let found = try processes() + sockets() + namespaces()
      if found.isEmpty || .now > deadline { return found }
      usleep(5000)
    }
  }

  private func processes() -> [String] {
    let named = ready.pids.filter { Self.isThere($0) }.map { "process \($0)" }
    let marked = Self.allProcesses.filter { pid in
      // The environment of our test process does not have it, its children's does.
      let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/environ") ?? Data()
      return bytes.range(of: Data(mark.utf8)) != nil
    }
    return named + marked.map { "marked process \($0)" }
  }

  /// TIME-WAIT is no socket of anybody's: it is how TCP ends, and goes by itself.
  private func sockets() throws -> [String] {
    if ready.netns != nil { return [] }
    if let path = ready.path {
      // Names of other people's sockets need not be UTF-8.
      let table = FileManager.default.contents(atPath: "/proc/net/unix") ?? Data()
      return table.range(of: Data(path.utf8)) != nil ? ["unix socket \(path)"] : []
    }
    let harmless = ["TIME-WAIT", "FIN-WAIT-2"]
    return try ready.servers.flatMap { server -> [String] in
      let port = server.port ?? 0
      let rows = try ScenarioLook(ready: ready).rows(
        server.netid == "udp" ? "-Huan" : "-Htan", port: port
      ).filter {
        !$0.rest.isEmpty || !harmless.contains($0.state)
      }
      let bound = Self.canBind(port, datagrams: server.netid == "udp") ? [] : ["port \(port)"]
      return rows.map { "\($0.state) \($0.local) \($0.peer)" } + bound
    }
  }

  private func namespaces() -> [String] {
    guard let namespace else { return [] }
    return Self.allProcesses.filter { Self.namespace($0) == namespace }
      .map { "process \($0) in \(namespace)" }
  }

  private static var allProcesses: [Int32] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { Int32($0) }
  }

  private static func isThere(_ pid: Int32) -> Bool {
    let state = ScenarioProcess(pid: pid).state
    return !state.isEmpty && state != "Z"
  }

  private static func namespace(_ pid: Int32) -> String? {
    try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/ns/net")
  }

  /// As the next server would.
  private static func canBind(_ port: Int, datagrams: Bool) -> Bool {
    let kind = Int32(
      (datagrams ? SOCK_DGRAM : SOCK_STREAM).rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = socket(AF_INET, kind, 0)
    defer { close(descriptor) }
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, 4)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
    return withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }
}
