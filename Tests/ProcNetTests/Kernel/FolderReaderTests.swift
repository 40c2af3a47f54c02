import Foundation
import TestSupport
import Testing

@testable import ProcNet

@Suite("Reading a folder") struct FolderReaderTests {
  /// Opens a folder and visits each entry.
  private func forEach(_ path: String, _ visit: (FolderReader.Entry) -> Void) throws {
    let directory = try Descriptor.open(path, flags: O_DIRECTORY)
    try FolderReader(directory: directory.number, path: path).forEach(visit)
  }

  @Test("3,000 entries, more than fit into one call, come once each, with inode and kind")
  func many() throws {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let names = (0..<3000).map { "entry with a rather long name \($0)" }
    for (index, name) in names.enumerated() {
      if index % 10 == 0 {
        mkdir(folder.file(name), 0o700)
      } else {
        symlink("x", folder.file(name))
      }
    }
    let entries = try LiveKernel().entries(of: folder.path)
    #expect(entries.map(\.name).sorted() == names.sorted())
    #expect(entries.count { $0.isFolder } == 300)
    #expect(Set(entries.map(\.inode)).count == 3000)
    for entry in entries.prefix(20) where entry.isFolder {
      #expect(try LiveKernel().identity(of: folder.file(entry.name)).inode == entry.inode)
    }
  }

  @Test("an empty folder has no entries, not even itself and its parent")
  func empty() throws {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    #expect(try LiveKernel().entries(of: folder.path).isEmpty)
  }

  @Test("names of any bytes come through; names that begin with dots are names")
  func names() throws {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let names = ["...", "..a", ".a", "a\nb", "é", String(repeating: "n", count: 255)]
    for name in names { _ = try folder.write([], to: name) }
    #expect(try LiveKernel().entries(of: folder.path).map(\.name).sorted() == names.sorted())
  }

  @Test("a name is a number only as a whole, in decimal, and while it fits")
  func numbers() throws {
    let numbers: [String: Int32?] = [
      "0": 0, "7": 7, "4194304": 4_194_304, "1073741816": 1_073_741_816,
      "1999999999": 1_999_999_999,
      "2000000000": nil, "2147483648": nil, "99999999999999999999": nil, "-1": nil, "+1": nil,
      "1a": nil, "self": nil, " 1": nil, "1 ": nil, "0x1": nil, "٣": nil,
    ]
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    for name in numbers.keys { _ = try folder.write([], to: name) }
    var found: [String: Int32?] = [:]
    try forEach(folder.path) { found[$0.nameText] = $0.number }
    #expect(found == numbers)
  }
}
