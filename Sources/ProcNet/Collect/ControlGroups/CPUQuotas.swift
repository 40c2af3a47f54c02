/// The limits of processor time that control groups have. Each file is read once, so this is good
/// for one moment.
public struct CPUQuotas: Sendable {
  private let files: CgroupFiles

  public init(through kernel: any Kernel) { self.init(CgroupFiles(through: kernel)) }

  init(_ files: CgroupFiles) { self.files = files }

  /// The tightest limit of a process's group and those above it; nil without a limit, and where we
  /// may not see it. Reads one or two files for each group on that way.
  public func quota(of groups: ProcCgroup) -> CPUQuota? {
    let unified = files.folders(of: groups.unified, .unified).compactMap(unified)
    let old = files.folders(of: groups.cpu, .cpu).compactMap(old)
    return (unified + old).min { $0.processors < $1.processors }
  }

  private func unified(_ place: CgroupFiles.Place) -> CPUQuota? {
    let limit = files.text(place.folder + "/cpu.max").flatMap { CgroupCPUMax.decode($0.span) }
    return limit.flatMap { quota($0, place) }
  }

  private func old(_ place: CgroupFiles.Place) -> CPUQuota? {
    guard let quota = files.text(place.folder + "/cpu.cfs_quota_us"),
      let period = files.text(place.folder + "/cpu.cfs_period_us"),
      let limit = CgroupCPUMax.decode(quota: quota, period: period)
    else { return nil }
    return self.quota(limit, place)
  }

  private func quota(_ limit: CgroupCPUMax, _ place: CgroupFiles.Place) -> CPUQuota? {
    guard let quota = limit.quota else { return nil }
    let stat = files.text(place.folder + "/cpu.stat").map { CgroupCPUStat.decode($0.span) }
    return CPUQuota(
      group: place.group, quota: quota, period: limit.period, periods: stat?.periods,
      throttledPeriods: stat?.throttled, throttledTime: stat?.throttledTime)
  }
}
