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
      let name = ControlGroupsUnit.groupName(escaped)
      pod = ControlGroupsPod.number(in: name) ?? pod
      if let found = ControlGroupsContainer(name, below: parent) {
        container = found.name
        runtime = found.runtime
        if found.isUnit { service = ControlGroupsUnit(name).name }
      } else {
        let unit = ControlGroupsUnit(name)
        if unit.kind == .slice { slice = unit.name } else { service = unit.name ?? service }
      }
      parent = name
    }
    if container == nil, pod == nil { service = service ?? slice }
  }
}
