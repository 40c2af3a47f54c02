import Foundation

/// Work that mostly waits, done several pieces at a time.
enum Lanes {
  /// What is wrong with each piece, in words; pieces without a fault are left out.
  static func faults(
    _ names: [String], lanes: Int = 5, _ look: @Sendable (String) throws -> [String]
  ) -> [String] {
    let lock = NSLock()
    nonisolated(unsafe) var (place, faults) = (0, [String]())
    DispatchQueue.concurrentPerform(iterations: lanes) { _ in
      while true {
        let name: String? = lock.withLock {
          place += 1
          return place <= names.count ? names[place - 1] : nil
        }
        guard let name else { return }
        let found: [String]
        do { found = try look(name) } catch { found = ["\(error)"] }
        lock.withLock { faults += found.map { "\(name): \($0)" } }
      }
    }
    return faults
  }
}
