/// `/proc/self/mounts`: what is mounted where, one line each.
///
/// `proc /proc proc rw,hidepid=2 0 0`; space, tab, line feed and backslash inside a field are
/// written as a backslash and three octal digits.
struct ProcMounts: Sendable, Equatable {
  struct Mount: Sendable, Equatable {
    var source: [UInt8]
    var folder: [UInt8]
    /// `proc`, `cgroup2`.
    var type: [UInt8]
    /// As written, without unescaping: commas inside a value are escaped, so a split is right.
    var options: [[UInt8]]

    /// The value of `name=value`.
    func option(_ name: String) -> [UInt8]? {
      let prefix = Array("\(name)=".utf8)
      return options.first { $0.starts(with: prefix) }.map { Array($0.dropFirst(prefix.count)) }
    }
  }

  var mounts: [Mount]

  /// Lines that are not what they should be are left out.
  init(_ text: [UInt8]) {
    mounts = text.split(separator: 10).compactMap { line in
      let fields = line.split(separator: 32)
      guard fields.count >= 4 else { return nil }
      return Mount(
        source: OctalEscape.decode(fields[0]), folder: OctalEscape.decode(fields[1]),
        type: Array(fields[2]), options: fields[3].split(separator: 44).map(Array.init))
    }
  }

  /// The first mount of a type: the one that tools agree on.
  func first(ofType type: String) -> Mount? {
    mounts.first { $0.type.elementsEqual(type.utf8) }
  }
}
