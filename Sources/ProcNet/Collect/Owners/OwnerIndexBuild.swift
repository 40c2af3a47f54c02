extension OwnerIndex {
  /// Reads the descriptors of every process that `/proc` shows.
  ///
  /// With `wanted` it keeps only those sockets, and with none wanted it reads nothing. Processes
  /// that end meanwhile are left out; those that we may not look into are told in one gap.
  public static func build(
    through kernel: any Kernel, wanted: InodeSet? = nil, gaps: inout [Gap]
  ) -> OwnerIndex {
    if let wanted, wanted.isEmpty { return OwnerIndex() }
    let processes: [Int32]
    do throws(KernelError) {
      processes = try OwnerIndexProcesses.read(through: kernel)
    } catch {
      gaps.append(Gap(.owners, missing: "owners of all sockets", reason: error.message))
      return OwnerIndex()
    }
    let finds = OwnerIndexWalk(kernel: kernel, wanted: wanted, processes: processes).run()
    gaps += OwnerIndexGaps(kernel: kernel).gaps(finds, processes)
    return OwnerIndex(finds)
  }
}
