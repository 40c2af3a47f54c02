import Glibc
import ProcNet
import Synchronization

/// A kernel written down in tables, with a fault for any path; remembers what it was asked.
final class OwnersKernel: Kernel {
  let isRoot = false

  struct Tables: Sendable {
    var files: [String: [UInt8]] = [:]
    var folders: [String: [FolderEntry]] = [:]
    var links: [String: String] = [:]
    var identities: [String: FileIdentity] = [:]
    var descriptors: [Int32: [(Int32, String)]] = [:]
    var datagrams: [[UInt8]] = []
    /// Error numbers by path; descriptors fail under `/proc/<pid>/fd`.
    var faults: [String: Int32] = [:]
  }

  let tables: Tables
  private let asked = Mutex<Set<String>>([])

  init(_ tables: Tables) { self.tables = tables }

  static func text(_ bytes: [UInt8]?) -> String? {
    bytes.map { String(decoding: $0, as: UTF8.self) }
  }

  /// Every path that was asked for so far.
  var askedPaths: [String] { asked.withLock { $0.sorted() } }

  private func note(_ path: String) throws(KernelError) {
    asked.withLock { _ = $0.insert(path) }
    if let number = tables.faults[path] { throw KernelError("read", path, .system(number)) }
  }

  private func found<Value>(_ value: Value?, _ path: String) throws(KernelError) -> Value {
    try note(path)
    guard let value else { throw KernelError("read", path, .system(ENOENT)) }
    return value
  }

  func read(
    _ path: String, _ piece: (Span<UInt8>) throws(KernelError) -> Void
  ) throws(KernelError) {
    let bytes = try found(tables.files[path], path)
    try piece(bytes.span)
  }

  func entries(of folder: String) throws(KernelError) -> [FolderEntry] {
    try found(tables.folders[folder], folder)
  }

  func link(at path: String) throws(KernelError) -> [UInt8] {
    if tables.links[path] == nil, tables.identities[path] != nil {
      try note(path)
      throw KernelError("read link", path, .system(EINVAL))
    }
    return Array(try found(tables.links[path], path).utf8)
  }

  func identity(of path: String) throws(KernelError) -> FileIdentity {
    try found(tables.identities[path], path)
  }

  func walkDescriptors(
    ofProcess process: Int32, _ visit: (Int32, Span<UInt8>) -> Void
  ) throws(KernelError) {
    let held = try found(tables.descriptors[process], "/proc/\(process)/fd")
    for (number, link) in held {
      let bytes = Array(link.utf8)
      visit(number, bytes.span)
    }
  }

  func ask(
    _ request: NetlinkRequest, _ datagram: (Span<UInt8>) throws(KernelError) -> AnswerProgress
  ) throws(KernelError) {
    try note(request.namespacePath ?? "netlink")
    for bytes in tables.datagrams {
      if case .complete = try datagram(bytes.span) { return }
    }
  }
}

extension OwnersKernel.Tables {
  /// Adds a process that lives in `/proc` with its name and descriptors.
  mutating func addProcess(
    _ process: Int32, _ command: String, flags: Int = 0, _ held: [(Int32, String)] = []
  ) {
    folders["/proc", default: []].append(
      FolderEntry(name: "\(process)", inode: UInt64(process), isFolder: true))
    files["/proc/\(process)/comm"] = Array("\(command)\n".utf8)
    let rest = (0..<45).map { _ in "0" }.joined(separator: " ")
    files["/proc/\(process)/stat"] = Array(
      "\(process) (\(command)) S 1 1 1 0 -1 \(flags) \(rest)\n".utf8)
    descriptors[process] = held
  }
}
