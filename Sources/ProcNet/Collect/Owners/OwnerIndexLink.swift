/// What the link of a descriptor or namespace says: `socket:[123]`, `net:[4026531840]`.
enum OwnerIndexLink {
  /// `socket:[` read as one number.
  private static let socket: UInt64 = 0x5B3A_7465_6B63_6F73

  /// The inode of a socket; nil for every other link, a file named like a socket included, since
  /// links to files begin with `/`.
  @inline(__always)
  static func socketInode(_ link: Span<UInt8>) -> UInt32? {
    guard link.count >= 10, link.number64(at: 0) == socket else { return nil }
    return number(in: link, from: 8)
  }

  /// The inode of a network namespace; nil for every other kind.
  static func networkNamespaceInode(_ link: [UInt8]) -> UInt32? {
    link.starts(with: Array("net:[".utf8)) ? number(in: link.span, from: 5) : nil
  }

  /// Decimal digits up to a `]` that ends the link. The kernel's inode numbers of sockets and
  /// namespaces are 32 bits wide; a larger one is no match.
  private static func number(in link: Span<UInt8>, from start: Int) -> UInt32? {
    let end = link.count - 1
    guard start < end, end - start <= 10, link[end] == UInt8(ascii: "]") else { return nil }
    var value: UInt64 = 0
    for index in start..<end {
      guard link[index] >= 48, link[index] <= 57 else { return nil }
      value = value * 10 + UInt64(link[index] - 48)
    }
    return UInt32(exactly: value)
  }
}
