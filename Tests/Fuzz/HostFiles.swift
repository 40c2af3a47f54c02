// Seeds: /etc/passwd /proc/self/mounts
@testable import ProcNet

/// Files about the host: its users, and what is mounted where.
func fuzz(_ input: Span<UInt8>) {
  let bytes = input.copied()
  _ = Passwd(bytes)
  _ = ProcMounts(bytes).first(ofType: "proc")?.option("hidepid")
}
