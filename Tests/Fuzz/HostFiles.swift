// Seeds: /etc/passwd /proc/self/mounts /proc/locks
@testable import ProcNet

/// Files about the host: its users, what is mounted where, and locks on files.
func fuzz(_ input: Span<UInt8>) {
  let bytes = input.copied()
  _ = Passwd(bytes)
  _ = ProcMounts(bytes).first(ofType: "proc")?.option("hidepid")
  _ = ProcLocks(bytes).holders(inTheWayOf: 7)
}
