import ProcNet
import TestSupport

@testable import Diagnosis

/// A source of sockets that shows one table at a recording's first moment and another at its
/// second, as far as they are asked for.
struct MadeSource: SocketSource {
  var first: [Socket]
  var second: [Socket]

  /// Whose text tells the moments apart.
  static let marker = "/second"

  func list(
    _ query: SocketQuery, through kernel: any Kernel, gaps: inout [Gap],
    _ sink: (borrowing Socket) throws(KernelError) -> Void
  ) throws(KernelError) {
    let isSecond = (try? kernel.contents(of: Self.marker)) != nil
    for socket in isSecond ? second : first
    where query.netids.contains(socket.netid) && query.states.contains(socket.state) {
      try sink(socket)
    }
  }
}

/// A host at two moments: sockets by hand, processes as `/proc` shows them.
struct MadeHost {
  var first: [Socket] = []
  var second: [Socket] = []
  var kernel = FakeKernel()
  private var processes: [Int32] = []

  /// A process with one thread, its descriptors, and its line of `syscall`.
  mutating func process(_ process: Int32, _ syscall: String, _ open: [FakeDescriptor]) {
    let stat = "\(process) (app) S 1 1 1 0 -1 0 0 0 0 0 1 1 0 0 20 0 1 0 9 0 0\n"
    let status = "Name:\tapp\nvoluntary_ctxt_switches:\t5\nnonvoluntary_ctxt_switches:\t1\n"
    processes.append(process)
    kernel = kernel.process(process, open).folder("/proc/\(process)/task", ["\(process)/"])
      .folder("/proc", processes.map { "\($0)/" })
      .file("/proc/\(process)/comm", "app\n")
    for folder in ["/proc/\(process)", "/proc/\(process)/task/\(process)"] {
      kernel = kernel.file("\(folder)/stat", stat).file("\(folder)/status", status)
        .file("\(folder)/syscall", syscall)
    }
  }

  /// Two moments two seconds apart, or only the second.
  func scope(once: Bool = false) -> Diagnoser.Scope {
    let later = kernel.file(MadeSource.marker, "")
    return Diagnoser.Scope(
      places: [.here], source: MadeSource(first: first, second: second),
      moments: SamplePair(
        recorded: once ? later : kernel, later, interval: once ? nil : 2000))
  }
}
