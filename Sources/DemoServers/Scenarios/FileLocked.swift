/// Worker processes that all want a file which another process has locked.
struct FileLocked: Scenario {
  let name = "file-lock"
  let summary = "both worker processes wait for a file that another process has locked"
  let recipe = "a process that keeps a file locked; 2 prefork workers in flock, 3 clients queued"
  let expects: [FindingID] = [.workersExhausted, .lockWait]
  let allows: [FindingID] = [.requestUnanswered]

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    try FileHolder.lockFile(
      .bsd, wantedBy: "file-lock", of: self, on: &harness, until: "both workers to wait in flock"
    ) {
      worker, _ in worker.isIn(.lock)
    }
  }

  func act(_ role: String, _ words: [String]) throws(DemoError) { try FileHolder.run(words) }
}
