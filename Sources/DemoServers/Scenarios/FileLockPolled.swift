/// Worker processes that ask again and again for a file which another process has locked.
struct FileLockPolled: Scenario {
  let name = "file-lock-polled"
  let summary = "both worker processes poll a locked file, as SQLite does: no waiter in /proc/locks"
  let recipe = "a process that keeps a file locked; 2 prefork workers ask every 50 ms, 3 queued"
  let expects: [FindingID] = [.workersExhausted]
  let allows: [FindingID] = [.requestUnanswered]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    try FileHolder.lockFile(
      .posix, wantedBy: "polled-file-lock", of: self, on: &harness,
      until: "both workers to ask for the lock"
    ) { worker, path in worker.hasOpen(path) && !worker.isIn(.accept) }
  }

  func act(_ role: String, _ words: [String]) throws(DemoError) { try FileHolder.run(words) }
}
