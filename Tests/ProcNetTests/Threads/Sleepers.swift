import Foundation

/// A child with one thread asleep in each system call, for as long as this value lives.
final class Sleepers {
  let process: Int32
  /// What its descriptors are for, by role: `quiet`, `listener`, `instance`, `locked`, `full`,
  /// `folder`; and the number of its child.
  let numbers: [String: Int32]
  private let child = Process()
  /// Its closing ends the child, even when we end without a word.
  private let input = Pipe()

  init() throws {
    let ourselves = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let folder = (ourselves as NSString).deletingLastPathComponent
    let output = Pipe()
    child.executableURL = URL(fileURLWithPath: "\(folder)/sleepers")
    child.standardInput = input
    child.standardOutput = output
    try child.run()
    process = child.processIdentifier
    var line = Data()
    while line.last != 10, case let piece = output.fileHandleForReading.availableData,
      !piece.isEmpty
    {
      line += piece
    }
    let words = String(decoding: line, as: UTF8.self).split { $0 == " " || $0 == "\n" }
    var numbers: [String: Int32] = [:]
    for index in stride(from: 1, to: words.count - 1, by: 2) {
      numbers[String(words[index])] = Int32(words[index + 1])
    }
    self.numbers = numbers
  }

  deinit {
    try? input.fileHandleForWriting.close()
    child.waitUntilExit()
  }
}
