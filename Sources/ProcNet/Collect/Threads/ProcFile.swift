/// A small file of a process or thread, read at once: what is in it, or why it is not here.
struct ProcFile {
  private(set) var text: [UInt8]?
  private(set) var isDenied = false
  /// The process or thread has ended, or the kernel has no such file.
  private(set) var isGone = false

  init(_ path: String, _ kernel: any Kernel, limit: Int = 1 << 20) {
    do throws(KernelError) {
      text = try kernel.beginning(of: path, limit: limit)
    } catch {
      isDenied = error.isDenied
      isGone = error.isGone
    }
  }
}
