import DemoServers
import Foundation
import Testing

/// The interface's table of findings, written out once more: renaming one is no refactoring.
private let interface = """
  accept-queue-full accept-queue-filling accept-queue-drops server-blocked workers-exhausted
  event-loop-blocked acceptor-waits-child process-stopped descriptors-exhausted listener-paused
  reuseport-imbalance syn-queue-pressure self-call wait-cycle waits-upstream lock-wait request-unanswered
  close-wait-leak receive-stuck peer-not-reading retransmitting connect-stuck ephemeral-ports
  time-wait-pressure orphan-pressure tcp-memory backlog-clipped backlog-small udp-drops
  unix-backlog-full unix-receive-full overloaded pool-exhausted output-blocked filesystem-stuck
  path-mtu not-listening
  """

@Suite("The list of scenarios")
struct ScenarioListTests {
  private let all = ScenarioList.all

  @Test("has each file of the folder, and nothing else")
  func listIsFolder() throws {
    let own = all.filter { $0.healthyTwinOf == nil }.map { "\(type(of: $0))" }
    #expect(try sources("Scenarios").sorted() == own.sorted())
  }

  @Test("has each healthy twin in the file of its scenario")
  func twins() throws {
    for twin in all {
      guard let name = twin.healthyTwinOf else { continue }
      let sick = try #require(ScenarioList.named(name))
      let file = try source("Scenarios/\(type(of: sick))")
      #expect(file.contains("\nstruct \(type(of: twin)): Scenario {"), "\(twin.name)")
    }
  }

  @Test("has every scenario of the course")
  func namesOfTheCourse() {
    let course = """
      serial-blocked worker-join prefork-full thread-many pool-exhausted pool-lock event-10k
      event-spin event-sleep event-blocked-upstream upstream-chain self-call wait-cycle close-wait
      not-reading slow-reader descriptors paused-listener reuseport-stopped stopped
      abandoned-queue syn-flood connect-stuck time-wait-ports udp-drops unix-backlog
      unix-datagram-full healthy-busy
      """
    let missing = Set(course.split(whereSeparator: \.isWhitespace).map(String.init))
      .subtracting(all.map(\.name))
    #expect(missing.isEmpty)
  }

  @Test("gives each a name of its own that is a plain word")
  func namesArePlain() {
    #expect(Set(all.map(\.name)).count == all.count)
    for scenario in all {
      #expect(scenario.name.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" })
      #expect(ScenarioList.named(scenario.name)?.name == scenario.name)
    }
  }

  @Test("keeps to one line each, and no wider than a terminal of 120 columns")
  func summariesAreOneLine() {
    let widest = all.map(\.name.count).max() ?? 0
    for scenario in all {
      #expect(!scenario.summary.contains("\n"))
      #expect(scenario.summary.count + widest + 2 <= 120, "\(scenario.name)")
    }
  }

  @Test("promises findings of the interface only, and none of them twice")
  func findingsAreOfTheInterface() {
    let ids = interface.split(whereSeparator: \.isWhitespace).map(String.init)
    #expect(FindingID.allCases.map(\.rawValue) == ids)
    for scenario in all {
      let both = scenario.expects + scenario.allows
      #expect(Set(both).count == both.count, "\(scenario.name)")
    }
  }

  @Test("calls healthy what expects nothing, and allows it nothing either")
  func healthyOnes() {
    for scenario in all {
      #expect(scenario.isHealthy == scenario.summary.hasPrefix("healthy: "))
      if scenario.isHealthy { #expect(scenario.allows.isEmpty) }
    }
    #expect(all.count(where: \.isHealthy) >= 9)
  }

  @Test("pairs a healthy twin with one that is not")
  func twinsArePairs() {
    for scenario in all {
      guard let other = scenario.healthyTwinOf else { continue }
      #expect(scenario.isHealthy)
      #expect(ScenarioList.named(other)?.isHealthy == false, "\(other)")
    }
  }
}
