import CLinux
import Glibc

/// A process for each connection, and after each accept a wait for the child.
///
/// Handing the connection over is quick; the join is not. With a time-out of 1 s, as in many an
/// example, and clients who stay longer, it accepts about one connection a second however many
/// wait.
struct Worker: Model {
  let server: Server

  func run() throws(DemoError) -> Never {
    Shutdown.reapsAlong()
    server.announce()
    var number = 0
    while true {
      number += 1
      let connection = try server.accept()
      guard let child = start(number, consume connection) else { continue }
      if server.plan.join > 0 { join(child, server.plan.join) }
    }
  }

  /// The parent's copy of the connection is closed on return. Without a child, because of a limit
  /// say, the client gets a close instead of an answer.
  private func start(_ number: Int, _ connection: consuming Socket) -> pid_t? {
    let arguments = ChildArguments(
      server.plan, socket: connection.descriptor, lock: server.lock, number: number)
    do {
      return try arguments.start()
    } catch {
      server.journal.trouble(error.message)
      return nil
    }
  }

  /// Waits for the end of a child, but not longer than this: poll on its pidfd.
  private func join(_ child: pid_t, _ seconds: Double) {
    let descriptor = sockinspect_pidfd_open(child)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let end = Clock.now(plus: seconds)
    while Clock.now < end {
      let left = Clock.milliseconds(from: Clock.now, to: end)
      if Poll.isReadable(descriptor, within: left) { return }
    }
  }
}

extension ServerModel {
  public static let worker = ServerModel(
    "worker", meaning: "a process for each connection, and a join after each accept",
    takesWorkers: false, children: .perConnection, Worker.self)
}
