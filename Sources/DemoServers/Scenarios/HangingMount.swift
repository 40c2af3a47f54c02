import Glibc

/// A server that reads files from a mount which does not answer.
struct HangingMount: Scenario {
  let name = "hanging-mount"
  let summary = "threads open a file on a mount that does not answer, as NFS without its server"
  let recipe = "a FUSE file system that hangs; a thread per connection that reads a file from it"
  let expects: [FindingID] = [.filesystemStuck]
  let allows: [FindingID] = [.requestUnanswered]
  let needs: [Need] = [.ownMounts]

  /// In the harness's own mount namespace, any folder will do.
  private static let place = "/mnt"

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    try startFilesystem(on: &harness)
    let server = try harness.serve(
      NamedServer("demo-thread", .thread, "read-file:\(Self.place)/report"), of: self)
    for _ in 0..<3 { try harness.connect(to: server, saying: "report\n") }
    try harness.wait("three threads to wait for the file system", lasting: 2500) {
      server.process.threads(in: .open) == 3 && server.hasReadAll
    }
    return RunningScenario(server)
  }

  /// Only the part keeps the descriptor. When it ends, so does the file system, and the threads that
  /// wait for it wake up.
  private func startFilesystem(on harness: inout ScenarioHarness) throws(DemoError) {
    let descriptor = try HangingFilesystem.mount(at: Self.place)
    defer { close(descriptor) }
    _ = try harness.play("filesystem", of: self, "\(descriptor)", inherited: [descriptor])
  }

  func act(_ role: String, _ words: [String]) throws(DemoError) {
    guard let descriptor = words.first.flatMap({ Int32($0) }) else {
      throw DemoError("demo: a file system needs a descriptor", status: 64)
    }
    HarnessPart.setName("demo-share")
    try HangingFilesystem.serve(descriptor)
    HarnessPart.sayReady("")
    HarnessPart.sleepForever()
  }
}
