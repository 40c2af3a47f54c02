/// `/proc/<pid>/cgroup`: the control groups of a process, one line per hierarchy.
///
/// `0::/system.slice/x.service` is cgroup v2; `1:name=systemd:/…` and `4:memory:/…` are v1.
public struct ProcCgroup: Sendable, Equatable {
  /// Path below the cgroup v2 mount.
  public var unified: [UInt8]?
  /// Path in systemd's own v1 hierarchy.
  var systemd: [UInt8]?
  /// Paths in the other v1 hierarchies that are not just `/`, each once.
  var controllers: [[UInt8]] = []

  /// Path in the v1 hierarchy that can freeze.
  var freezer: [UInt8]?
  /// Path in the v1 hierarchy that limits processor time.
  var cpu: [UInt8]?

  /// The path that tells most: on hosts with both versions v2 is often a bare `/`.
  public var path: [UInt8]? {
    all.first { $0 != [47] } ?? unified ?? systemd
  }

  /// All paths, v2's first. On hosts with both versions one may name the container and another the
  /// service of its manager.
  public var all: [[UInt8]] { [unified, systemd].compactMap(\.self) + controllers }

  /// Reads the file; lines that are not what they should be are left out.
  public init(_ text: [UInt8]) {
    for line in text.split(separator: 10) {
      let fields = line.split(separator: 58, maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3, fields[2].first == 47 else { continue }
      take(fields[1], Self.living(fields[2]))
    }
  }

  private mutating func take(_ controllers: ArraySlice<UInt8>, _ path: [UInt8]) {
    for controller in controllers.split(separator: 44) {
      if controller.elementsEqual("freezer".utf8) { freezer = path }
      if controller.elementsEqual("cpu".utf8) { cpu = path }
    }
    if controllers.isEmpty {
      unified = path
    } else if controllers.elementsEqual("name=systemd".utf8) {
      systemd = path
    } else if path != [47], !self.controllers.contains(path) {
      self.controllers.append(path)
    }
  }

  /// A group that was removed under its last process is written with ` (deleted)`.
  private static func living(_ path: ArraySlice<UInt8>) -> [UInt8] {
    let ending = Array(" (deleted)".utf8)
    return Array(path.suffix(ending.count) == ending[...] ? path.dropLast(ending.count) : path)
  }
}
