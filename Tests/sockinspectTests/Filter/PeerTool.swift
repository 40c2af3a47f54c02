import Foundation

/// ss, where it is installed.
enum PeerTool {
  static let path = ["/usr/bin/ss", "/bin/ss", "/usr/sbin/ss", "/sbin/ss"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  static var isThere: Bool { path != nil }

  struct Failed: Error { let message: String }

  /// Local and peer port of every TCP socket that ss lists; `*` is 0.
  static func portPairs(_ filter: String) throws -> [String] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path ?? "")
    process.arguments = ["-Htan", filter]
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let complaint = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0, complaint.isEmpty else {
      throw Failed(message: "\(filter): \(String(decoding: complaint, as: UTF8.self))")
    }
    return text.split(separator: "\n").map { line in
      let columns = line.split(separator: " ")
      return "\(port(columns[3])) \(port(columns[4]))"
    }
  }

  private static func port(_ column: Substring) -> Substring {
    let port = column[(column.lastIndex(of: ":") ?? column.startIndex)...].dropFirst()
    return port == "*" ? "0" : port
  }
}
