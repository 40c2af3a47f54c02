// Seeds: /proc/self/stat /proc/self/status /proc/self/limits /proc/self/cgroup
// Seeds: /proc/self/fdinfo/0 /proc/self/syscall /proc/self/schedstat /proc/self/sched
@testable import ProcNet

/// What /proc says of one process.
func fuzz(_ input: Span<UInt8>) {
  let bytes = input.copied()
  _ = ProcStat(bytes)
  _ = ProcStatus(bytes)
  _ = ProcCgroup(bytes).path
  _ = ProcLimits.decode(input)
  _ = ProcFdinfo.decode(input)
  _ = ProcSyscall.decode(input)
  _ = ProcSyscall.stackPointer(input)
  _ = FrozenCgroups.decode(bytes)
  _ = DescriptorTarget(link: input).name
  _ = ProcSchedstat.decode(input)
  _ = ProcSched.decode(input)
}
