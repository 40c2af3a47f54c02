import Foundation
import Testing

@testable import ProcNet

/// Our numbers of system calls against those of the installed kernel headers.
@Suite struct CallTableTests {
  @Test(
    "every number is the one in the kernel's header",
    arguments: [
      (Architecture.x86, "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
      (Architecture.x86, "/usr/include/asm/unistd_64.h"),
      (Architecture.aarch64, "/usr/include/asm-generic/unistd.h"),
    ])
  func headers(architecture: Architecture, path: String) throws {
    guard let numbers = Self.numbers(in: path) else { return }  // No such headers are installed.
    #expect(numbers.count > 250)
    for name in CallName.allCases {
      let ours = CallTable.number(of: name, on: architecture)
      let generic = name == .newfstatat ? "fstatat" : name.rawValue
      let theirs = numbers[name.rawValue] ?? numbers["3264_" + generic]
      // Headers older than a call say nothing of it; what they do say has to be ours.
      if let theirs { #expect(ours == theirs, "\(name)") }
      if theirs == nil, let ours { #expect(ours > 436, "\(name) is \(ours) only in our table") }
    }
  }

  /// `#define __NR_read 63` and `#define __NR3264_sendfile 71`.
  private static func numbers(in path: String) -> [String: Int32]? {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
    var numbers: [String: Int32] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split { $0 == " " || $0 == "\t" }
      guard words.count >= 3, words[0] == "#define", words[1].hasPrefix("__NR"),
        let number = Int32(words[2])
      else { continue }
      numbers[String(words[1].dropFirst(words[1].hasPrefix("__NR_") ? 5 : 4))] = number
    }
    return numbers
  }

  @Test("every name has a number, and no two share one", arguments: Architecture.allCases)
  func unique(architecture: Architecture) {
    let numbers = CallName.allCases.compactMap { CallTable.number(of: $0, on: architecture) }
    #expect(Set(numbers).count == numbers.count)
    for name in CallName.allCases {
      guard let number = CallTable.number(of: name, on: architecture) else { continue }
      #expect(CallTable.name(of: number, on: architecture) == name)
    }
  }

  @Test("only aarch64 lacks calls: it has newer ones for the same")
  func absent() {
    let lacking = CallName.allCases.filter { CallTable.number(of: $0, on: .aarch64) == nil }
    #expect(
      Set(lacking) == [
        .poll, .select, .epollWait, .pause, .open, .creat, .stat, .lstat, .access, .readlink,
        .getdents, .mkdir, .rmdir, .unlink, .rename, .link, .symlink, .chmod, .chown, .lchown,
      ])
    #expect(CallName.allCases.allSatisfy { CallTable.number(of: $0, on: .x86) != nil })
  }

  @Test("calls with a path are calls of the file system, and wait on no descriptor")
  func paths() {
    let named = CallName.allCases.filter(\.takesPath)
    #expect(named.count == 38 && named.allSatisfy { $0.kind == .file })
    #expect(CallName.allCases.filter { $0.kind == .file && !$0.takesPath }.count == 16)
    #expect(!CallName.close.takesPath && CallName.close.kind == .other)
  }

  @Test("numbers of other worlds mean nothing: x32, none, the future")
  func unknown() {
    for number: Int32 in [0x4000_0000 + 45, -1, 9999, .max] {
      #expect(CallTable.name(of: number, on: .x86) == nil)
      #expect(CallTable.name(of: number, on: .aarch64) == nil)
    }
  }
}
