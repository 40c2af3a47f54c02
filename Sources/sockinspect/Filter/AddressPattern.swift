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

/// Reads addresses and numbers as people write them; no names.
enum AddressReader {
  /// `10.0.0.1`, `10/8` (missing numbers are 0), `fe80::1/64`; nil when it is not an address.
  static func pattern(_ word: some StringProtocol) -> AddressPattern? {
    let parts = word.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let head = parts.first else { return nil }
    guard let address = ipv6(head) ?? ipv4(head, mayBeShort: parts.count > 1) else { return nil }
    guard parts.count > 1 else { return AddressPattern(address) }
    guard isDecimal(parts[1]), let length = Int(parts[1]), length <= (address.isIPv6 ? 128 : 32)
    else { return nil }
    return AddressPattern(address, length: length)
  }

  /// Numbers as an IPv4 address or network has them, in range or not: a program is not called so.
  static func isMeant(_ word: some StringProtocol) -> Bool {
    let parts = word.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let head = parts.first else { return false }
    let numbers = head.split(separator: ".", omittingEmptySubsequences: false)
    return (numbers.count == 4 || parts.count == 2) && numbers.allSatisfy { isDecimal($0) }
      && parts.dropFirst().allSatisfy { isDecimal($0) }
  }

  static func ipv4(_ word: some StringProtocol, mayBeShort: Bool = false) -> IPAddress? {
    let parts = word.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 || (mayBeShort && parts.count < 4) else { return nil }
    var value: UInt32 = 0
    for index in 0..<4 {
      let part = index < parts.count ? parts[index] : "0"
      guard isDecimal(part), let number = UInt8(part) else { return nil }
      value = value << 8 | UInt32(number)
    }
    return IPAddress(v4: value)
  }

  static func ipv6(_ word: some StringProtocol) -> IPAddress? {
    let text = String(word)
    guard text.utf8.count <= 45, text.contains(":") else { return nil }
    guard let gap = firstGap(in: text) else {
      return groups(text).flatMap { $0.count == 8 ? address($0) : nil }
    }
    let tail = String(text[text.index(gap, offsetBy: 2)...])
    guard let before = groups(String(text[..<gap])), let after = groups(tail),
      before.count + after.count < 8
    else { return nil }
    let zeros = [UInt16](repeating: 0, count: 8 - before.count - after.count)
    return address(before + zeros + after)
  }

  /// Where `::` stands.
  private static func firstGap(in text: String) -> String.Index? {
    text.indices.dropLast().first { text[$0] == ":" && text[text.index(after: $0)] == ":" }
  }

  /// Groups of a part without `::`; the last one may be an IPv4 address. Empty for no text.
  private static func groups(_ text: String) -> [UInt16]? {
    if text.isEmpty { return [] }
    var groups: [UInt16] = []
    let words = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, word) in words.enumerated() {
      if index == words.count - 1, let v4 = ipv4(word)?.low {
        groups += [UInt16(truncatingIfNeeded: v4 >> 16), UInt16(truncatingIfNeeded: v4)]
      } else if let group = group(word) {
        groups.append(group)
      } else {
        return nil
      }
    }
    return groups.count <= 8 ? groups : nil
  }

  private static func group(_ word: some StringProtocol) -> UInt16? {
    guard !word.isEmpty, word.utf8.count <= 4, word.utf8.allSatisfy(isHexadecimal) else {
      return nil
    }
    return UInt16(word, radix: 16)
  }

  private static func address(_ groups: [UInt16]) -> IPAddress {
    func half(_ part: ArraySlice<UInt16>) -> UInt64 {
      part.reduce(0) { $0 << 16 | UInt64($1) }
    }
    return IPAddress(v6High: half(groups[..<4]), low: half(groups[4...]))
  }

  /// Digits only: Swift's own reading would take a sign.
  static func isDecimal(_ word: some StringProtocol) -> Bool {
    !word.isEmpty && word.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
  }

  /// A decimal or `0x` number without a sign; nil when it is not a number, or too large.
  static func unsigned<Number: FixedWidthInteger>(
    _ word: some StringProtocol, _ type: Number.Type
  ) -> Number? {
    let isHexadecimal = word.hasPrefix("0x") || word.hasPrefix("0X")
    let digits = isHexadecimal ? word.dropFirst(2) : word.dropFirst(0)
    guard let first = digits.first, first != "-", first != "+" else { return nil }
    return Number(digits, radix: isHexadecimal ? 16 : 10)
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x66)
  }
}
