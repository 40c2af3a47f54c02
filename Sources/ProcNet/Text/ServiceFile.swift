/// `/etc/services` and `/etc/protocols`: a name, a number, and other names, one entry a line.
///
///     http            80/tcp          www             # WorldWideWeb HTTP
///     ospf            89              OSPFIGP
public struct ServiceFile: Sendable, Equatable {
  public struct Entry: Sendable, Equatable {
    public var name: [UInt8]
    public var number: UInt16
    /// `tcp`, `udp`; nil in `/etc/protocols`.
    public var transport: [UInt8]?
    public var aliases: [[UInt8]]
  }

  public var entries: [Entry]

  /// Lines that are not what they should be are left out, as the C library leaves them out.
  public init(_ text: [UInt8]) {
    entries = text.split(separator: 10).compactMap { line in
      let words = line.prefix { $0 != UInt8(ascii: "#") }.split { $0.isBlank }
      guard words.count > 1 else { return nil }
      let parts = words[1].split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      guard parts.count <= 2, let number = UInt16(procDigits: parts[0]) else { return nil }
      return Entry(
        name: Array(words[0]), number: number,
        transport: parts.count == 2 ? Array(parts[1]) : nil,
        aliases: words.dropFirst(2).map(Array.init))
    }
  }
}
