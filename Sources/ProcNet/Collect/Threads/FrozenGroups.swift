import Synchronization

/// Which control groups are frozen. Each is asked once, so this is good for one moment.
final class FrozenGroups: Sendable {
  private let kernel: any Kernel
  private let state = Mutex(State())

  private struct State: Sendable {
    var mounts: ProcMounts?
    /// By the path of the file that says it.
    var known: [String: Bool?] = [:]
  }

  init(through kernel: any Kernel) { self.kernel = kernel }

  /// nil when neither version of the control groups tells.
  func isFrozen(_ groups: ProcCgroup) -> Bool? {
    state.withLock { state in
      let mounts = state.mounts ?? ProcMounts(ProcFile("/proc/self/mounts", kernel).text ?? [])
      state.mounts = mounts
      let unified = path(mounts.first(ofType: "cgroup2"), groups.unified, "cgroup.events")
      let freezer = path(Self.freezer(mounts), groups.freezer, "freezer.state")
      let said = [unified, freezer].compactMap { $0.flatMap { ask($0, &state.known) } }
      return said.isEmpty ? nil : said.contains(true)
    }
  }

  private static func freezer(_ mounts: ProcMounts) -> ProcMounts.Mount? {
    mounts.mounts.first {
      $0.type.elementsEqual("cgroup".utf8)
        && $0.options.contains { $0.elementsEqual("freezer".utf8) }
    }
  }

  /// A group outside our cgroup namespace has a path with `/..`, which is no place in our mount.
  private func path(_ mount: ProcMounts.Mount?, _ group: [UInt8]?, _ name: String) -> String? {
    guard let mount, let group, !group.starts(with: Array("/..".utf8)) else { return nil }
    let below = group == [47] ? [] : group
    return String(decoding: mount.folder + below, as: UTF8.self) + "/\(name)"
  }

  private func ask(_ path: String, _ known: inout [String: Bool?]) -> Bool? {
    if let answer = known[path] { return answer }
    let answer = ProcFile(path, kernel, limit: 4096).text.flatMap(Self.decode)
    known[path] = .some(answer)
    return answer
  }

  /// `populated 1\nfrozen 0` of version 2; `THAWED`, `FREEZING` or `FROZEN` of version 1.
  static func decode(_ text: [UInt8]) -> Bool? {
    for line in text.split(separator: 10) {
      switch String(decoding: line, as: UTF8.self) {
      case "frozen 1", "FROZEN", "FREEZING": return true
      case "frozen 0", "THAWED": return false
      default: continue
      }
    }
    return nil
  }
}
