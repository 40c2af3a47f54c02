/// Which control groups are frozen. Each is asked once, so this is good for one moment.
struct FrozenCgroups: Sendable {
  private let files: CgroupFiles

  init(through kernel: any Kernel) { self.init(CgroupFiles(through: kernel)) }

  init(_ files: CgroupFiles) { self.files = files }

  /// nil when neither version of the control groups tells.
  func isFrozen(_ groups: ProcCgroup) -> Bool? {
    let said = [
      ask(groups.unified, .unified, "cgroup.events"),
      ask(groups.freezer, .freezer, "freezer.state"),
    ].compactMap(\.self)
    return said.isEmpty ? nil : said.contains(true)
  }

  /// A group's file also tells that one above it is frozen.
  private func ask(
    _ group: [UInt8]?, _ hierarchy: CgroupMounts.Hierarchy, _ name: String
  ) -> Bool? {
    files.folders(of: group, hierarchy).first
      .flatMap { files.text("\($0.folder)/\(name)") }.flatMap(Self.decode)
  }

  /// `populated 1\nfrozen 0` of version 2; `THAWED`, `FREEZING` or `FROZEN` of version 1.
  static func decode(_ text: [UInt8]) -> Bool? {
    for line in text.split(separator: 10) {
      switch String(rawBytes: line) {
      case "frozen 1", "FROZEN", "FREEZING": return true
      case "frozen 0", "THAWED": return false
      default: continue
      }
    }
    return nil
  }
}
