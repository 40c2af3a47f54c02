import Foundation
import TestSupport
import Testing

@testable import ProcNet

/// A real control group that is frozen, of either version, where the host lets us make one.
@Suite(.serialized) struct FrozenTests {
  /// A group of our own; it goes away with this value, after what was in it has ended.
  private final class Group {
    let folder: String
    init?(below mount: String) {
      folder = "\(mount)/sockinspect-test-\(getpid())"
      guard mkdir(folder, 0o755) == 0 else { return nil }
    }

    func write(_ text: String, to name: String) -> Bool {
      let file = open("\(folder)/\(name)", O_WRONLY | O_CLOEXEC)
      defer { close(file) }
      return Glibc.write(file, text, text.utf8.count) == text.utf8.count
    }

    deinit { rmdir(folder) }
  }

  private static func mount(_ isWanted: (ProcMounts.Mount) -> Bool) -> String? {
    guard geteuid() == 0, let text = try? LiveKernel().contents(of: "/proc/self/mounts")
    else { return nil }
    return ProcMounts(text).mounts.first(where: isWanted)
      .map { String(decoding: $0.folder, as: UTF8.self) }
  }

  private static func isFrozen(_ process: Int32, becoming expected: Bool) -> Bool? {
    let deadline = ContinuousClock.now + .seconds(30)
    while true {
      let frozen = ProcessProbe(through: LiveKernel()).probe(process)?.isFrozen
      if frozen == expected || ContinuousClock.now > deadline { return frozen }
      usleep(2000)
    }
  }

  private static func check(_ mount: String?, file: String, freeze: String, thaw: String) throws {
    // Not root, or no control groups of this version: nothing to try.
    guard let mount, let group = Group(below: mount) else { return }
    let sleepers = try Sleepers()
    guard group.write("\(sleepers.process)", to: "cgroup.procs"), group.write(freeze, to: file)
    else { return }
    defer { _ = group.write(thaw, to: file) }
    #expect(Self.isFrozen(sleepers.process, becoming: true) == true)
    #expect(group.write(thaw, to: file))
    #expect(Self.isFrozen(sleepers.process, becoming: false) == false)
  }

  @Test("version 2 tells in cgroup.events")
  func unified() throws {
    let mount = Self.mount { $0.type.elementsEqual("cgroup2".utf8) }
    try Self.check(mount, file: "cgroup.freeze", freeze: "1", thaw: "0")
  }

  @Test("version 1 tells in freezer.state")
  func freezer() throws {
    let mount = Self.mount { mount in
      mount.type.elementsEqual("cgroup".utf8)
        && mount.options.contains { $0.elementsEqual("freezer".utf8) }
    }
    try Self.check(mount, file: "freezer.state", freeze: "FROZEN", thaw: "THAWED")
  }
}
