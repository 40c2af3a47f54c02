import Foundation
import Synchronization

/// Work that mostly waits, done several pieces at a time.
final class Lanes: Sendable {
  private let rest: Mutex<[String]>
  private let found = Mutex<[String]>([])

  private init(_ names: [String]) { rest = Mutex(names.reversed()) }

  /// What is wrong with each piece, in words; pieces without a fault are left out.
  static func faults(
    _ names: [String], lanes: Int = 5, _ look: @Sendable (String) throws -> [String]
  ) -> [String] {
    let work = Lanes(names)
    DispatchQueue.concurrentPerform(iterations: lanes) { _ in
      while let name = work.rest.withLock({ $0.popLast() }) { work.take(name, look) }
    }
    return work.found.withLock { $0 }
  }

  private func take(_ name: String, _ look: (String) throws -> [String]) {
    var faults: [String]
    do { faults = try look(name) } catch { faults = ["\(error)"] }
    found.withLock { found in found += faults.map { "\(name): \($0)" } }
  }
}
