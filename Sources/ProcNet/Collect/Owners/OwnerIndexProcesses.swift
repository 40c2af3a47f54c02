/// The processes that `/proc` shows, ascending by number as the kernel lists them.
enum OwnerIndexProcesses {
  static func read(through kernel: any Kernel) throws(KernelError) -> [Int32] {
    try kernel.entries(of: "/proc").compactMap { Int32(procDigits: $0.name.utf8) }.sorted()
  }
}
