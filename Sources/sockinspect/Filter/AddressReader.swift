import ProcNet

/// Reads addresses as people write them; no names.
enum AddressReader {
  /// `10.0.0.1`, `10/8` (missing numbers are 0), `fe80::1/64`; nil when it is no address.
  static func pattern(_ word: some StringProtocol) -> AddressPattern? {
    let parts = word.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let head = parts.first else { return nil }
    guard let address = ipv6(head) ?? ipv4(head, mayBeShort: parts.count > 1) else { return nil }
    guard parts.count > 1 else { return AddressPattern(address) }
    guard isDecimal(parts[1]), let length = Int(parts[1]), length <= (address.isIPv6 ? 128 : 32)
    else { return nil }
    return AddressPattern(address, length: length)
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

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x66)
  }
}
