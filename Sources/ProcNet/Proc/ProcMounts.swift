/// `/proc/self/mounts`: what is mounted where, one line each.
///
/// `proc /proc proc rw,hidepid=2 0 0`; space, tab, line feed and backslash inside a field are
/// written as a backslash and three octal digits.
public struct ProcMounts: Sendable, Equatable {
  public struct Mount: Sendable, Equatable {
    public var source: [UInt8]
    public var folder: [UInt8]
    /// `proc`, `cgroup2`.
    public var type: [UInt8]
    /// As written, without unescaping: commas inside a value are escaped, so a split is right.
    public var options: [[UInt8]]

    /// The value of `name=value`.
    public func option(_ name: String) -> [UInt8]? {
      let prefix = Array("\(name)=".utf8)
      return options.first { $0.starts(with: prefix) }.map { Array($0.dropFirst(prefix.count)) }
    }
  }

  public var mounts: [Mount]

  /// Lines that are not what they should be are left out.
  public init(_ text: [UInt8]) {
    mounts = text.split(separator: 10).compactMap { line in
      let fields = line.split(separator: 32)
      guard fields.count >= 4 else { return nil }
      return Mount(
        source: OctalEscape.decode(fields[0]), folder: OctalEscape.decode(fields[1]),
        type: Array(fields[2]), options: fields[3].split(separator: 44).map(Array.init))
    }
  }

  /// The first mount of a type: the one that tools agree on.
  public func first(ofType type: String) -> Mount? {
    mounts.first { $0.type.elementsEqual(type.utf8) }
  }
}
