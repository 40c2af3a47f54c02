/// Says why sockets that exist have no owner that could be found, although all processes that
/// there are in `/proc` were looked into.
public struct MissingOwners {
  /// `PROC_PID_INIT_INO`: the namespace in which every process has a number.
  private static let hostProcesses = Array("pid:[4026531836]".utf8)

  private let kernel: any Kernel

  public init(through kernel: any Kernel) { self.kernel = kernel }

  /// Those of the sockets that still have no owner: what was opened or passed on while the
  /// processes were walked has one by now.
  public func confirmed(_ inodes: Set<UInt32>) -> Set<UInt32> {
    let owners = OwnerIndex.build(through: kernel, wanted: OwnerIndex.InodeSet(inodes))
    return inodes.filter { owners.owners(of: $0).isEmpty }
  }

  /// - Parameter count: How many sockets it is about.
  public func gap(_ count: Int) -> Gap {
    let missing = count == 1 ? "owner of 1 socket" : "owners of \(count) sockets"
    let own = try? kernel.link(at: "/proc/self/ns/pid")
    if let own, own != Self.hostProcesses {
      return Gap(
        .owners, missing: missing, reason: "no process of this pid namespace holds \(it(count))",
        remedy: "run in the host's pid namespace (docker run --pid=host, nsenter -t 1 -p)")
    }
    return Gap(
      .owners, missing: missing,
      reason: """
        no process has a descriptor of \(it(count)); the kernel itself may hold \(it(count)), \
        io_uring, a message on its way between processes (SCM_RIGHTS)\
        \(own == nil ? ", or a process of another pid namespace" : "")
        """)
  }

  private func it(_ count: Int) -> String { count == 1 ? "it" : "them" }
}
