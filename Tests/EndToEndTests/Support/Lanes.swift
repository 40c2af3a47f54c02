import Foundation
import Synchronization

/// Work that mostly waits, done several pieces at a time.
enum Lanes {
  /// What is wrong with each piece, in words; pieces without a fault are left out.
  static func faults(
    _ names: [String], lanes: Int = 5, _ look: @Sendable (String) throws -> [String]
  ) -> [String] {
    let state = Mutex((place: 0, faults: [String]()))
    DispatchQueue.concurrentPerform(iterations: lanes) { _ in
      while true {
        let name: String? = state.withLock {
          $0.place += 1
          return $0.place <= names.count ? names[$0.place - 1] : nil
        }
        guard let name else { return }
        let found: [String]
        do { found = try look(name) } catch { found = ["\(error)"] }
        state.withLock { $0.faults += found.map { "\(name): \($0)" } }
      }
    }
    return state.withLock { $0.faults }
  }
}
