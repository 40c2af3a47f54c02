import Foundation
import Synchronization

/// Scenarios that stand beside each other: each thread takes the next one in turn.
final class DiagnosisLanes: Sendable {
  private struct State {
    var rest: [String]
    var faults: [String] = []
  }

  private let state: Mutex<State>
  private let look: @Sendable (String) -> String

  /// - Parameter look: Answers what is wrong with a scenario; an empty text when nothing is.
  init(_ names: [String], _ look: @escaping @Sendable (String) -> String) {
    state = Mutex(State(rest: names.reversed()))
    self.look = look
  }

  /// What is wrong, one text per scenario. Threads of our own: they wait most of the time.
  func run(lanes: Int) -> [String] {
    let group = DispatchGroup()
    for _ in 0..<lanes {
      group.enter()
      Thread.detachNewThread { [self] in
        defer { group.leave() }
        while let name = state.withLock({ $0.rest.popLast() }) {
          let fault = look(name)
          state.withLock { $0.faults.append(fault) }
        }
      }
    }
    group.wait()
    return state.withLock { $0.faults }
  }
}
