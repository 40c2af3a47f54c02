import Foundation

/// A folder for a test's files; it goes away with the value that stands for it.
public final class TemporaryFolder: Sendable {
  public let path: String

  public init() throws {
    let url = Self.home.appendingPathComponent("sockinspect-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  /// In memory where there is room for 1 GB, so that tests do not wait for a disk.
  private static var home: URL {
    let memory = "/dev/shm"
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: memory)
    let free = (attributes?[.systemFreeSize] as? NSNumber)?.uint64Value ?? 0
    guard free > 1 << 30, FileManager.default.isWritableFile(atPath: memory) else {
      return FileManager.default.temporaryDirectory
    }
    return URL(fileURLWithPath: memory)
  }

  /// The path of a file in the folder, which need not exist.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file and answers its path. A file of before is removed first: some file systems
  /// wait for the disk when a file is cut short and written again.
  public func write(_ bytes: [UInt8], to name: String = "file") throws -> String {
    try? FileManager.default.removeItem(atPath: file(name))
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  public func read(_ name: String) throws -> [UInt8] {
    try Array(Data(contentsOf: URL(fileURLWithPath: file(name))))
  }

  /// The names in the folder, hidden ones too.
  public func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
