/// What people call the thing that a control group holds: service, container, pod.
///
/// The innermost name wins, so a service inside a container is told together with the container.
public struct CgroupName: Sendable, Hashable {
  /// systemd unit, `x.service`, else `.scope` or `.socket`, else the innermost `.slice` when there
  /// is no container. systemd's escapes are undone. A scope that only wraps a container is none.
  public var service: String?
  /// First 12 digits of a container's number, else its name (LXC, virtual machines).
  public var container: String?
  /// `docker`, `podman`, `cri-o`, `containerd`, `lxc`, `machine`; nil when the path does not say.
  public var runtime: String?
  /// Kubernetes' number of the pod, `0f6c9b2e-…`.
  public var pod: String?

  /// The name in the path that says most of a process. A container in one of them is where it
  /// lives, whatever another one says: that is left behind by the container's manager.
  public init(of groups: ProcCgroup) {
    let names = groups.all.map { CgroupName(path: $0) }
    self =
      names.first { $0.container != nil } ?? names.first { $0.pod != nil }
      ?? names.first { $0.service != nil } ?? CgroupName(path: [])
  }

  /// Reads a path as `/proc/<pid>/cgroup` or `Cgroups` gives it.
  public init(path: [UInt8]) {
    var slice: String?
    var parent: [UInt8] = []
    for escaped in path.split(separator: 47) {
      let name = UnitName.groupName(escaped)
      pod = PodName.number(in: name) ?? pod
      if let found = ContainerName(name, below: parent) {
        container = found.name
        runtime = found.runtime
        if found.isUnit { service = UnitName(name).name }
      } else {
        let unit = UnitName(name)
        if unit.kind == .slice { slice = unit.name } else { service = unit.name ?? service }
      }
      parent = name
    }
    if container == nil, pod == nil { service = service ?? slice }
  }
}

/// A container, or a virtual machine, in the name of a folder.
private struct ContainerName {
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
      return Self(name: UnitName.unescaped(name), runtime: "machine")
    }
    if let name = inner(group, "systemd-nspawn@", ".service") {
      return Self(name: UnitName.unescaped(name), runtime: "machine", isUnit: true)
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

/// A folder of the tree as the systemd unit that it may be.
private struct UnitName {
  enum Kind: String, CaseIterable {
    case service, scope, socket, slice
  }

  /// The unit's name with escapes undone; nil when the folder is no unit.
  private(set) var name: String?
  private(set) var kind: Kind?

  init(_ group: [UInt8]) {
    for kind in Kind.allCases where Self.has(group, ending: ".\(kind.rawValue)") {
      self.kind = kind
      name = String(rawBytes: Self.unescaped(group))
    }
  }

  /// systemd puts `_` before a folder that would be taken for a file of the kernel's.
  static func groupName(_ folder: ArraySlice<UInt8>) -> [UInt8] {
    Array(folder.first == UInt8(ascii: "_") ? folder.dropFirst() : folder)
  }

  private static func has(_ name: [UInt8], ending: String) -> Bool {
    name.count > ending.utf8.count && name.suffix(ending.utf8.count).elementsEqual(ending.utf8)
  }

  /// `\x2d` becomes `-`; a backslash without two hexadecimal digits stays.
  static func unescaped(_ name: some Sequence<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = Array(name)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "x"),
        let value = hexadecimal(rest.dropFirst().prefix(2))
      {
        bytes.append(value)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return bytes
  }

  private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt8? {
    guard digits.count == 2, digits.allSatisfy(ContainerName.isHexadecimal) else {
      return nil
    }
    return UInt8(String(rawBytes: digits), radix: 16)
  }
}

/// A kubernetes pod in the name of a folder.
private enum PodName {
  /// `pod<number>` (cgroupfs driver) or `kubepods-burstable-pod<number>.slice` (systemd driver,
  /// which writes `_` for `-`); containerd may put `…slice:cri-containerd:<id>` into one name, and
  /// kind another word in front, `kubelet-kubepods-…`.
  static func number(in name: [UInt8]) -> String? {
    var unit = name.prefix { $0 != UInt8(ascii: ":") }
    let ending = Array(".slice".utf8)
    if unit.suffix(ending.count) == ending[...] { unit = unit.dropLast(ending.count) }
    if unit.split(separator: UInt8(ascii: "-")).contains(where: {
      $0.elementsEqual("kubepods".utf8)
    }),
      let dash = unit.lastIndex(of: UInt8(ascii: "-")),
      unit[(dash + 1)...].starts(with: "pod".utf8)
    {
      unit = unit[(dash + 1)...]
    }
    guard unit.starts(with: "pod".utf8) else { return nil }
    return plain(unit.dropFirst(3))
  }

  /// 32 hexadecimal digits, in groups or (static pods) not.
  private static func plain(_ number: ArraySlice<UInt8>) -> String? {
    let dash = UInt8(ascii: "-")
    let written = number.map { $0 == UInt8(ascii: "_") ? dash : $0 }
    let digits = written.filter { $0 != dash }
    guard digits.count == 32, digits.allSatisfy(ContainerName.isHexadecimal),
      written.count == 32 || written.count == 36
    else { return nil }
    return String(rawBytes: written)
  }
}
