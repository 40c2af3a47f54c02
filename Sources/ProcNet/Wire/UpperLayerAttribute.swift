/// `INET_DIAG_ULP_INFO`: nested attributes, of which the first is the protocol's name.
enum UpperLayerAttribute {
  /// `INET_ULP_INFO_*`.
  private static let name: UInt16 = 1
  private static let tls: UInt16 = 2
  private static let mptcp: UInt16 = 3

  static func decode(
    _ attribute: NetlinkAttributes, in bytes: borrowing Span<UInt8>
  ) -> (name: [UInt8]?, details: UpperLayer?) {
    let nested = bytes.extracting(attribute.start..<attribute.start + attribute.count)
    var inner = NetlinkAttributes(from: 0)
    var found: (name: [UInt8]?, details: UpperLayer?)
    while inner.next(in: nested) {
      let content = nested.extracting(inner.start..<inner.start + inner.count)
      switch inner.type {
      case name: found.name = inner.text(in: nested)
      case tls: found.details = .tls(UpperLayer.TLSInfo(content))
      case mptcp: found.details = .mptcp(UpperLayer.MPTCPInfo(content))
      default: break
      }
    }
    return found
  }
}

extension UpperLayer.TLSInfo {
  fileprivate init(_ bytes: borrowing Span<UInt8>) {
    self.init()
    var attributes = NetlinkAttributes(from: 0)
    while attributes.next(in: bytes) {
      switch attributes.type {
      case 1: version = attributes.number16(in: bytes)
      case 2: cipher = attributes.number16(in: bytes)
      case 3: sending = attributes.number16(in: bytes)
      case 4: receiving = attributes.number16(in: bytes)
      case 5: sendsWithoutCopy = true
      case 6: expectsNoPadding = true
      default: break
      }
    }
  }
}

extension UpperLayer.MPTCPInfo {
  fileprivate init(_ bytes: borrowing Span<UInt8>) {
    self.init()
    var attributes = NetlinkAttributes(from: 0)
    while attributes.next(in: bytes) {
      switch attributes.type {
      case 1: remoteToken = attributes.number32(in: bytes)
      case 2: localToken = attributes.number32(in: bytes)
      case 4: mapSequence = attributes.number64(in: bytes)
      case 5: mapSubflowSequence = attributes.number32(in: bytes)
      case 6: subflowOffset = attributes.number32(in: bytes)
      case 7: mapLength = attributes.number16(in: bytes)
      case 8: flags = attributes.number32(in: bytes)
      case 9: remoteID = attributes.number8(in: bytes)
      case 10: localID = attributes.number8(in: bytes)
      default: break
      }
    }
  }
}

/// `INET_DIAG_MD5SIG` (since Linux 4.14): an array of `struct tcp_diag_md5sig`, 100 bytes each:
/// family u8, prefix u8, key's length u16, address of 16 bytes in network order, the key.
enum MD5PeersAttribute {
  private static let size = 100
  /// `TCP_MD5SIG_MAXKEYLEN`, at the end of each.
  private static let longestKey = 80

  static func decode(
    _ attribute: NetlinkAttributes, in bytes: borrowing Span<UInt8>
  ) -> [MD5Peers] {
    var found: [MD5Peers] = []
    for index in 0..<attribute.count / size {
      let start = attribute.start + index * size
      let address: IPAddress? =
        switch AddressFamily(rawValue: bytes[start]) {
        case .inet: IPAddress(v4: bytes.number32(at: start + 4).byteSwapped)
        case .inet6:
          IPAddress(
            v6High: bytes.networkNumber64(at: start + 4),
            low: bytes.networkNumber64(at: start + 12))
        default: nil
        }
      if let address { found.append(MD5Peers(address: address, prefix: bytes[start + 1])) }
    }
    return found
  }

  /// A datagram of sock_diag with zeros for the keys; nil without any. They are secrets: with one,
  /// any host can speak in the name of a router.
  static func withoutKeys(_ datagram: borrowing Span<UInt8>) -> [UInt8]? {
    var found: [Range<Int>] = []
    var offset = 0
    while let header = NetlinkMessage.header(in: datagram, at: offset) {
      let row = datagram.extracting(offset..<offset + header.length)
      var attributes = NetlinkAttributes(from: NetlinkMessage.headerSize + InetDiagMessage.size)
      // Rows of other families have other attributes, at other places.
      while isInternet(row), attributes.next(in: row) {
        guard attributes.type == InetDiagAttributes.md5Peers else { continue }
        for entry in 0..<attributes.count / size {
          let end = offset + attributes.start + (entry + 1) * size
          found.append(end - longestKey..<end)
        }
      }
      offset += NetlinkMessage.aligned(header.length)
    }
    if found.isEmpty { return nil }
    var bytes = datagram.copied()
    for range in found { for place in range { bytes[place] = 0 } }
    return bytes
  }

  private static func isInternet(_ row: borrowing Span<UInt8>) -> Bool {
    guard row.count > NetlinkMessage.headerSize else { return false }
    let family = AddressFamily(rawValue: row[NetlinkMessage.headerSize])
    return family == .inet || family == .inet6
  }
}
