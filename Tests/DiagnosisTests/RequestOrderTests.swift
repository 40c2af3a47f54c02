import ProcNet
import Testing

@testable import Diagnosis

/// Requests that are worked on, and others beside them: do the others wait for them?
@Suite("The order of requests")
struct RequestOrderTests {
  @Test("who waits behind a request came after it, and soon")
  func behind() {
    // One is worked on since 9 s; the threads of the others have slept since they came.
    func isBehind(_ others: [UInt64]) -> Bool? {
      RequestOrder([9000] + others, parkedFor: others.map { $0 - 50 }).isBehind
    }
    #expect(isBehind([8500, 8000, 7000, 6000]) == true)
    // Half of them were there before it came: they wait for something else.
    #expect(isBehind([20_000, 19_000, 7000, 6000]) == false)
    // One of five may have been: locks are not always fair.
    #expect(isBehind([20_000, 8000, 7000, 6000, 5000]) == true)
    // All came long after it: others came and were answered meanwhile.
    #expect(isBehind([2000, 1500, 1000]) == false)
    #expect(isBehind([]) == nil)
    #expect(RequestOrder([7000, 6000], parkedFor: [6950, 5950]).isBehind == nil)
  }

  @Test("an idle thread that fell asleep when a request came does not take it from the one at work")
  func idleThreads() {
    // Two are in calls; five are parked; a thread of the runtime is parked since the same time.
    let requests: [UInt64] = [7144, 7144, 7036, 7036, 7036, 7036, 7036]
    let parked: [UInt64] = [7147, 7146, 7018, 7017, 7018, 7017, 7019]
    let order = RequestOrder(requests, parkedFor: parked, inCallsFor: [7123, 7122])
    #expect(order.worked == [7144, 7144] && order.others.count == 5 && order.isBehind == true)
    #expect(RequestOrder(requests, parkedFor: parked).isBehind == nil)
  }

  @Test("a helper or a call for each request that is worked on; others are only looked at")
  func looked() throws {
    let order = try #require(RequestOrder([9000, 8000, 7000], workedOnFor: [8900]))
    #expect(order.worked == [9000] && order.others == [7000, 8000] && order.isBehind == true)
    // A wait that began with no request: a pool whose connections go from one to the next.
    #expect(RequestOrder([9000, 8000, 7000], workedOnFor: [3000]) == nil)
  }

  /// Long polls, each with a thread at an address of its own, and a request that takes its time.
  private func polls(_ ages: [UInt64], _ call: ThreadCall) -> MadeService {
    var service = MadeService(requests: ([9000] + ages).sorted(by: >))
    let parked = ages.enumerated().map { number, since in
      ThreadSnapshot.asleep(
        20 + Int32(number), .futex(0x8000 + 64 * UInt64(number), 0), since: since - 20)
    }
    service.front(
      [.asleep(10, .on(.accept, 3)), .asleep(11, call, since: 8990)] + parked)
    return service
  }

  @Test(
    "long polls beside a request that sleeps or waits for a child: nothing louder than a notice")
  func longPolls() {
    for call in [ThreadCall.other(.nanosleep), .other(.wait4)] {
      let mixed = polls([30_000, 20_000, 7000, 5000], call).findings(RequestUnanswered())
      #expect(mixed.map(\.severity) == [.notice])
      let behind = polls([8500, 8000, 7000, 5000], call).findings(RequestUnanswered())
      #expect(behind.map(\.severity) == [.warning])
    }
  }

  @Test("long polls of an event loop beside a helper's work and a call")
  func loop() {
    func severity(_ ages: [UInt64], helper: Bool) -> Severity? {
      var service = MadeService(requests: ages, calls: helper ? 0 : 1)
      if !helper { service.ask(1, since: 8990) }
      let threads = helper ? [ThreadSnapshot.asleep(11, .other(.wait4), since: 8990)] : []
      service.front([.asleep(10, .epoll(9), since: 100)] + threads, isLoop: true)
      if !helper { service.upstream([.asleep(30, .other(.nanosleep), since: 8900)]) }
      return service.findings(RequestUnanswered()).first?.severity
    }
    for helper in [true, false] {
      #expect(severity([9000, 30_000, 20_000, 5000], helper: helper) == .notice, "\(helper)")
      #expect(severity([9000, 8000, 7000, 6000], helper: helper) == .warning, "\(helper)")
    }
  }
}
