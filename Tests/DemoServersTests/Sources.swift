import Foundation

/// The names of the source files in a folder of the room, without their ending.
func sources(_ folder: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: room.appending(path: folder).path)
    .filter { $0.hasSuffix(".swift") }.map { String($0.dropLast(".swift".count)) }
}

/// What a file of the room says; its name without the ending.
func source(_ file: String) throws -> String {
  try String(contentsOf: room.appending(path: "\(file).swift"), encoding: .utf8)
}

private var room: URL {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Sources/DemoServers").standardized
}
