/// A container, or a virtual machine, in the name of a folder.
struct ControlGroupsContainer {
  var name: String
  var runtime: String?
  /// Also a service of its own (`systemd-nspawn@name.service`).
  var isUnit = false

  /// What container managers put before the number, and what people call them.
  private static let runtimes = [
    "docker": "docker", "libpod": "podman", "crio": "cri-o", "cri-containerd": "containerd",
    "containerd": "containerd", "nerdctl": "containerd",
  ]
  private static let shownDigits = 12

  /// nil when the folder is no container. `parent` is the folder around it.
  init?(_ group: [UInt8], below parent: [UInt8]) {
    guard
      let found = Self.numbered(group, parent) ?? Self.linux(group, parent)
        ?? Self.machine(group)
    else { return nil }
    self = found
  }

  private init(name: some Sequence<UInt8>, runtime: String?, isUnit: Bool = false) {
    self.name = String(rawBytes: Array(name))
    self.runtime = runtime
    self.isUnit = isUnit
  }

  static func isHexadecimal(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (97...102).contains(byte)
  }

  /// `docker-<64 digits>.scope`, `cri-containerd-<…>`, `…:cri-containerd:<…>`, or the bare number
  /// below `docker` or a pod; ECS has `<32 digits of the task>-<decimal number>` too.
  private static func numbered(_ group: [UInt8], _ parent: [UInt8]) -> Self? {
    var rest = group[...]
    if rest.suffix(6).elementsEqual(".scope".utf8) { rest = rest.dropLast(6) }
    if let task = task(rest, parent) { return task }
    let digits = rest.suffix(64)
    guard digits.count == 64, digits.allSatisfy(isHexadecimal) else { return nil }
    let before = rest.dropLast(64)
    if before.isEmpty {
      return Self(name: digits.prefix(shownDigits), runtime: runtimes[text(parent[...])])
    }
    guard let separator = before.last, separator == 45 || separator == 58 else { return nil }
    let manager = before.dropLast().split(separator: 58).last ?? []
    // The monitor beside a container is not in it.
    guard !manager.suffix(6).elementsEqual("conmon".utf8) else { return nil }
    return Self(name: digits.prefix(shownDigits), runtime: runtimes[text(manager)])
  }

  private static func task(_ group: ArraySlice<UInt8>, _ parent: [UInt8]) -> Self? {
    let number = group.dropFirst(32)
    guard parent.count == 32, group.starts(with: parent), parent.allSatisfy(isHexadecimal),
      number.count > 1, number.first == UInt8(ascii: "-"),
      number.dropFirst().allSatisfy({ (48...57).contains($0) })
    else { return nil }
    return Self(name: group, runtime: nil)
  }

  /// LXC: `/lxc/<name>`, `/lxc.payload/<name>`, `/lxc.payload.<name>`.
  private static func linux(_ group: [UInt8], _ parent: [UInt8]) -> Self? {
    let payload = Array("lxc.payload.".utf8)
    if group.count > payload.count, group.starts(with: payload) {
      return Self(name: group.dropFirst(payload.count), runtime: "lxc")
    }
    let isInside = ["lxc", "lxc.payload"].contains { parent.elementsEqual($0.utf8) }
    return isInside ? Self(name: group, runtime: "lxc") : nil
  }

  /// Registered with systemd: `machine-<name>.scope`, `systemd-nspawn@<name>.service`; libvirt
  /// without systemd: `<name>.libvirt-qemu`, `<name>.libvirt-lxc`.
  private static func machine(_ group: [UInt8]) -> Self? {
    if let name = inner(group, "machine-", ".scope") {
      return Self(name: ControlGroupsUnit.unescaped(name), runtime: "machine")
    }
    if let name = inner(group, "systemd-nspawn@", ".service") {
      return Self(name: ControlGroupsUnit.unescaped(name), runtime: "machine", isUnit: true)
    }
    for ending in [".libvirt-qemu", ".libvirt-lxc"] {
      if let name = inner(group, "", ending) { return Self(name: name, runtime: "machine") }
    }
    return nil
  }

  private static func inner(
    _ group: [UInt8], _ start: String, _ end: String
  ) -> ArraySlice<UInt8>? {
    guard group.count > start.utf8.count + end.utf8.count, group.starts(with: start.utf8),
      group.suffix(end.utf8.count).elementsEqual(end.utf8)
    else { return nil }
    return group.dropFirst(start.utf8.count).dropLast(end.utf8.count)
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(rawBytes: bytes)
  }
}
