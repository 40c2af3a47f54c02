import Glibc
import ProcNet

/// Where programs are.
enum Programs {
  /// The file that we were started from, so that a demo shows the build that it is part of.
  static var ourselves: String {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = unsafe readlink("/proc/self/exe", &path, path.count)
    return length > 0 ? text(path[..<length]) : "/proc/self/exe"
  }

  private static func text(_ bytes: ArraySlice<CChar>) -> String {
    String(decoding: bytes.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Administrators' tools are often outside of an ordinary user's PATH.
  static var path: String { (CurrentProcess.environment("PATH") ?? "") + ":/usr/sbin:/sbin" }

  static func isInstalled(_ name: String) -> Bool {
    path.split(separator: ":").contains { unsafe access("\($0)/\(name)", X_OK) == 0 }
  }
}
