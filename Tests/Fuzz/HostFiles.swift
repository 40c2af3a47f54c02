// Seeds: /etc/passwd /proc/self/mounts /proc/locks /proc/uptime /proc/stat
@testable import ProcNet

/// Files about the host: its users, what is mounted where, locks on files, times, limits of groups.
func fuzz(_ input: Span<UInt8>) {
  let bytes = input.copied()
  _ = Passwd(bytes)
  _ = ProcMounts(bytes).first(ofType: "proc")?.option("hidepid")
  _ = ProcLocks(bytes).holders(inTheWayOf: 7)
  _ = ProcUptime.decode(input)?.age(ofStart: 7)
  _ = ProcHostStat.decode(input)
  _ = CgroupCPUMax.decode(input)
  _ = CgroupCPUMax.decode(quota: bytes, period: bytes)
  _ = CgroupCPUStat.decode(input)
}
