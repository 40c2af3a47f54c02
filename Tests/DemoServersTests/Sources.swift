import Foundation

/// The names of the source files in a folder of the room, without their ending.
func sources(_ folder: String) throws -> [String] {
  let room = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Sources/DemoServers").standardized
  return try FileManager.default.contentsOfDirectory(atPath: room.appending(path: folder).path)
    .filter { $0.hasSuffix(".swift") }.map { String($0.dropLast(".swift".count)) }
}
