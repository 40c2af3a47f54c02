import Foundation

/// Programs that the tests run, and whether this machine has them.
enum Tool {
  /// Where administrators' tools are is not in everybody's PATH.
  static let path =
    (ProcessInfo.processInfo.environment["PATH"] ?? "") + ":/usr/sbin:/sbin:/usr/bin:/bin"

  /// The full path, or the name itself when it is nowhere.
  static func find(_ name: String) -> String {
    if name.contains("/") { return name }
    let candidates = path.split(separator: ":").map { "\($0)/\(name)" }
    return candidates.first { access($0, X_OK) == 0 } ?? name
  }

  static func has(_ names: String...) -> Bool {
    names.allSatisfy { find($0).contains("/") }
  }

  static let isRoot = geteuid() == 0

  /// Can become another user, and the network namespace of a zoo can be entered.
  static let canChangeUser = isRoot && has("nsenter", "setpriv")

  static let hasJSONSchema = hasPythonModule("jsonschema")
  static let hasPrometheusClient = hasPythonModule("prometheus_client")

  private static func hasPythonModule(_ name: String) -> Bool {
    let program = Program(words: ["python3", "-c", "import \(name)"])
    return has("python3") && (try? program.run().status) == 0
  }
}

/// What this build has made, beside the test bundle.
enum Product {
  private static let folder: String = {
    let ourselves = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return ((ourselves ?? ".") as NSString).deletingLastPathComponent
  }()

  static let zoo = "\(folder)/zoo"

  /// SOCKINSPECT names another build to be tested, a release one say.
  static let sockinspect =
    ProcessInfo.processInfo.environment["SOCKINSPECT"] ?? "\(folder)/sockinspect"
}

/// The files of the package, found from this one.
enum Package {
  static let root: String = {
    var path = #filePath as NSString
    for _ in 0..<4 { path = path.deletingLastPathComponent as NSString }
    return path as String
  }()
}
