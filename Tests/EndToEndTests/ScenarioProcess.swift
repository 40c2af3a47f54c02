import Foundation

/// A process of a scenario, read from /proc.
struct ScenarioProcess {
  let pid: Int32

  private func text(_ file: String) -> String {
    (try? String(contentsOfFile: "/proc/\(pid)/\(file)", encoding: .utf8)) ?? ""
  }

  /// The fields of `stat` from the state letter on.
  private var stat: [Substring] {
    text("stat").split(separator: ")").last?.split(separator: " ") ?? []
  }

  var state: String { stat.first.map(String.init) ?? "" }
  /// Clock ticks of processor time.
  var ticks: Int { stat.count > 12 ? (Int(stat[11]) ?? 0) + (Int(stat[12]) ?? 0) : 0 }

  var threads: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
  }

  var descriptors: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd")) ?? []
  }

  /// Where a descriptor leads.
  func link(_ descriptor: String) -> String? {
    try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/fd/\(descriptor)")
  }

  var children: [ScenarioProcess] {
    text("task/\(pid)/children").split(separator: " ").compactMap { Int32($0) }
      .map(ScenarioProcess.init)
  }

  /// Threads that sleep in such a call.
  func threads(in call: ScenarioCall) -> Int {
    threads.count { thread in
      let number = text("task/\(thread)/syscall").split(separator: " ").first
      return number.flatMap { Int($0) }.map(call.numbers.contains) ?? false
    }
  }

  /// `PLACE KIND` of everything that is mounted where it lives.
  var mounts: [String] {
    text("mounts").split(separator: "\n").map {
      $0.split(separator: " ").dropFirst().prefix(2).joined(separator: " ")
    }
  }

  func limit(_ name: String) -> Int? {
    let line = text("limits").split(separator: "\n").first { $0.hasPrefix(name) }
    return line?.dropFirst(name.count).split(separator: " ").first.flatMap { Int($0) }
  }

  /// What its epoll instances watch: inodes, in decimal.
  var watchedInodes: Set<Int> { watchedSets.reduce(into: []) { $0.formUnion($1) } }

  /// The same for each instance that watches anything.
  var watchedSets: [Set<Int>] {
    descriptors.map { descriptor in
      let lines = text("fdinfo/\(descriptor)").split(separator: "\n")
      return Set(
        lines.filter { $0.hasPrefix("tfd:") }.compactMap { line in
          line.split(separator: " ").first { $0.hasPrefix("ino:") }
            .flatMap { Int($0.dropFirst(4), radix: 16) }
        })
    }.filter { !$0.isEmpty }
  }

  /// Inodes of its sockets.
  var socketInodes: Set<Int> {
    Set(
      descriptors.compactMap { name in
        let link = try? FileManager.default.destinationOfSymbolicLink(
          atPath: "/proc/\(pid)/fd/\(name)")
        guard let link, link.hasPrefix("socket:[") else { return nil }
        return Int(link.dropFirst(8).dropLast())
      })
  }
}

/// System calls that threads sleep in, by the manual's names.
enum ScenarioCall {
  case recvfrom, sendto, connect, nanosleep, futex, poll, openat

  /// From the kernel's tables; recvfrom and sendto with read and write beside them.
  var numbers: Set<Int> {
    #if arch(x86_64)
      switch self {
      case .recvfrom: [0, 45]
      case .sendto: [1, 44]
      case .connect: [42]
      case .nanosleep: [35, 230]
      case .futex: [202]
      case .poll: [7, 271, 232, 281]
      case .openat: [2, 257]
      }
    #else
      switch self {
      case .recvfrom: [63, 207]
      case .sendto: [64, 206]
      case .connect: [203]
      case .nanosleep: [101, 115]
      case .futex: [98]
      case .poll: [22, 73]
      case .openat: [56]
      }
    #endif
  }
}
