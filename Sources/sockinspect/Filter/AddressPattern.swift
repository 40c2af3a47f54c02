import ProcNet

/// An address, or all addresses that begin with the same bits.
struct AddressPattern: Sendable, Hashable {
  let address: IPAddress
  /// Bits that count: 0 to 32, or to 128.
  let length: Int

  init(_ address: IPAddress, length: Int? = nil) {
    self.address = address
    self.length = length ?? (address.isIPv6 ? 128 : 32)
  }

  /// One address, not a range of them.
  var isWhole: Bool { length == (address.isIPv6 ? 128 : 32) }

  /// As the kernel compares (`inet_diag_bc_run`): an IPv4 pattern takes IPv4 in IPv6
  /// (`::ffff:10.0.0.1`) too, an IPv6 pattern only IPv6 sockets.
  func matches(_ other: IPAddress) -> Bool {
    if address.isIPv6 { return other.isIPv6 && matchesIPv6(other) }
    guard let v4 = other.v4 else { return false }
    let differing = v4 ^ UInt32(truncatingIfNeeded: address.low)
    return length == 0 || differing >> UInt32(32 - length) == 0
  }

  private func matchesIPv6(_ other: IPAddress) -> Bool {
    let high = other.high ^ address.high
    if length <= 64 { return length == 0 || high >> UInt64(64 - length) == 0 }
    return high == 0 && (other.low ^ address.low) >> UInt64(128 - length) == 0
  }

  var description: String {
    isWhole ? text : "\(text)/\(length)"
  }

  private var text: String {
    guard address.isIPv6 else {
      return stride(from: UInt64(24), through: 0, by: -8)
        .map { String((address.low >> $0) & 0xFF) }.joined(separator: ".")
    }
    return "[\(Self.groups(address))]"
  }

  /// The longest run of zero groups becomes `::`.
  private static func groups(_ address: IPAddress) -> String {
    let groups = (0..<8).map { index in
      let half = index < 4 ? address.high : address.low
      return UInt16(truncatingIfNeeded: half >> UInt64(48 - 16 * (index % 4)))
    }
    guard let run = longestZeros(groups) else { return hexadecimal(groups[...]) }
    return "\(hexadecimal(groups[..<run.lowerBound]))::\(hexadecimal(groups[run.upperBound...]))"
  }

  private static func hexadecimal(_ groups: ArraySlice<UInt16>) -> String {
    groups.map { String($0, radix: 16) }.joined(separator: ":")
  }

  private static func longestZeros(_ groups: [UInt16]) -> Range<Int>? {
    var longest = 0..<0
    for start in groups.indices {
      let end = groups[start...].firstIndex { $0 != 0 } ?? groups.endIndex
      if end - start > longest.count { longest = start..<end }
    }
    return longest.count > 1 ? longest : nil
  }
}
