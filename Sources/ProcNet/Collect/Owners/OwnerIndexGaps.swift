/// Which owners could not be found, in words.
struct OwnerIndexGaps {
  let kernel: any Kernel

  func gaps(_ finds: [OwnerIndexFinds], _ processes: [Int32]) -> [Gap] {
    let denied = finds.reduce(0) { $0 + $1.denied }
    let failed = finds.reduce(0) { $0 + $1.failed }
    var gaps: [Gap] = []
    if denied > 0 {
      gaps.append(
        Gap(
          .owners,
          missing: "owners of \(Self.counted(denied))\(isRoot ? "" : " of other users")",
          reason: "permission denied", remedy: remedy()))
    }
    if failed > 0, let failure = finds.lazy.compactMap(\.failure).first {
      gaps.append(
        Gap(
          .owners, missing: "owners of \(Self.counted(failed))", reason: failure.message))
    }
    if let hidden = hidden(.owners, "owners that are processes of other users", processes) {
      gaps.append(hidden)
    }
    return gaps
  }

  private static func counted(_ processes: Int) -> String {
    processes == 1 ? "1 process" : "\(processes) processes"
  }

  /// Process 1 is in every `/proc` unless processes are hidden from us; `hidepid=1` hides none,
  /// it denies.
  func hidden(_ kind: Gap.Kind, _ missing: String, _ processes: [Int32]) -> Gap? {
    guard processes.first != 1, let mounts = text("/proc/self/mounts").map(ProcMounts.init),
      let mount = mounts.mounts.last(where: { $0.folder.elementsEqual("/proc".utf8) }),
      let option = mount.option("hidepid"), !option.elementsEqual("0".utf8),
      !option.elementsEqual("off".utf8)
    else { return nil }
    return Gap(
      kind, missing: missing,
      reason: "/proc hides them (hidepid=\(String(rawBytes: option)))",
      remedy: remedy())
  }

  /// Root in a container without the capability would be ill advised to become root; for root
  /// with it there is nothing to advise: a security module or another user namespace says no.
  private func remedy() -> String? {
    guard isRoot else { return "run as root" }
    return status?.mayInspectOthers == false ? "run with the capability CAP_SYS_PTRACE" : nil
  }

  private var status: ProcStatus? { text("/proc/self/status").map(ProcStatus.init) }

  /// What `/proc` tells of us, else what the kernel is asked as.
  private var isRoot: Bool { status.map { $0.effectiveUser == 0 } ?? kernel.isRoot }

  private func text(_ path: String) -> [UInt8]? {
    do throws(KernelError) { return try kernel.contents(of: path) } catch { return nil }
  }
}
