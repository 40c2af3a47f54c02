// Seeds: /proc/self/mountinfo /proc/1/mountinfo
@testable import ProcNet

/// What a process sees mounted, and on which of these mounts a path is.
func fuzz(_ input: Span<UInt8>) {
  let bytes = input.copied()
  let info = ProcMountInfo(bytes)
  for mount in info.mounts.prefix(64) {
    _ = mount.isRemote
    guard mount.folder.first == UInt8(ascii: "/") else { continue }
    let found = info.mount(of: mount.folder)
    require(found?.folder.count ?? 0 >= mount.folder.count, "no mount has \(mount.folder)")
  }
  if let found = info.mount(of: [47] + bytes) {
    require(([47] + bytes).starts(with: found.folder), "\(found.folder) does not contain the path")
  }
}
