import TestSupport

@testable import ProcNet

/// A process in a `FakeKernel`: thread 7 sleeps in recvfrom, thread 8 in epoll_wait.
enum ProbedProcess {
  static func stat(_ number: Int32, _ name: String, _ state: String = "S") -> String {
    "\(number) (\(name)) \(state) 1 7 7 0 -1 4194304 99 0 0 0 11 12 0 0 20 0 2 0 4711 1000 50\n"
  }

  static let status =
    "Name:\tserver\nTracerPid:\t0\nUid:\t1000\t1001\t1000\t1000\nvoluntary_ctxt_switches:\t5\n"
    + "nonvoluntary_ctxt_switches:\t2\n"

  static func syscall(_ number: Int, _ first: String, _ fourth: String = "0x0") -> String {
    "\(number) \(first) 0x0 0x0 \(fourth) 0x0 0x0 0x7ffd0c3a3ef8 0x7f2f6b91f2ad\n"
  }

  static var kernel: FakeKernel {
    let descriptors = [
      FakeDescriptor(3, "socket:[100]"), FakeDescriptor(4, "socket:[101]"),
      FakeDescriptor(5, "anon_inode:[eventpoll]"), FakeDescriptor(6, "pipe:[4294967297]"),
      FakeDescriptor(7, "pipe:[7"), FakeDescriptor(8, "/var/log/x"),
    ]
    var kernel = FakeKernel().folder("/proc", ["7/", "self/"]).process(7, descriptors)
      .folder("/proc/7/task", ["7/", "8/"])
      .file("/proc/7/stat", stat(7, "server")).file("/proc/7/status", status)
      .file("/proc/7/cmdline", "server\u{0}--port\u{0}80\u{0}\u{0}\u{0}")
      .file("/proc/7/cgroup", "0::/system.slice/server.service\n")
      .file("/proc/7/limits", "Max open files            1024                 524288   files \n")
      .file(
        "/proc/7/fdinfo/5",
        "pos:\t0\nflags:\t02\ntfd:        3 events:       19 data:      3  pos:0 ino:64 sdev:9\n")
    kernel.identities["/proc/7/fd"] = FileIdentity(device: 1, inode: 2, size: 6)
    for (thread, call) in [(7, syscall(45, "0x4")), (8, syscall(232, "0x5", "0xffffffff"))] {
      let folder = "/proc/7/task/\(thread)"
      kernel.files["\(folder)/stat"] = Array(stat(Int32(thread), "t\(thread)").utf8)
      kernel.files["\(folder)/status"] = Array(status.utf8)
      kernel.files["\(folder)/syscall"] = Array(call.utf8)
      kernel.files["\(folder)/wchan"] = Array((thread == 7 ? "wait_woken" : "0").utf8)
    }
    return kernel
  }
}
