import ProcNet

/// Reads the values of `dev`, `fwmark` and `cgroup`.
extension FilterParser {
  func interface(_ word: Token) throws(FilterError) -> Expression {
    let name = word.text.rawBytes
    let search = context.interface(name)
    if case .found(let index) = search { return .holds(.interface(index: index, name: name)) }
    if let index = Self.unsigned(word.text, UInt32.self) {
      return .holds(.interface(index: index, name: nil))
    }
    if case .unknown(let failure) = search {
      throw notLookedUp("interface '\(word.text)'", failure, at: word)
    }
    throw error("no interface is called '\(word.text)'", at: word)
  }

  func mark(_ word: Token) throws(FilterError) -> Expression {
    let parts = word.text.split(separator: "/", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Self.unsigned($0, UInt32.self) }
    guard numbers.count == parts.count, numbers.count <= 2, let value = numbers.first else {
      throw error("'\(word.text)' is not a mark; write VALUE or VALUE/MASK", at: word)
    }
    return .holds(.mark(value, mask: numbers.count == 2 ? numbers[1] : .max))
  }

  /// With or without the mount point; a cgroup that is not here is compared by its path.
  func cgroup(_ word: Token) throws(FilterError) -> Expression {
    guard word.text.hasPrefix("/") else {
      throw error("'\(word.text)' is not a cgroup's path, which begins with '/'", at: word)
    }
    var path = word.text.rawBytes
    let mount = Array("/sys/fs/cgroup".utf8)
    if path.starts(with: mount), path.count == mount.count || path[mount.count] == 0x2F {
      path.removeFirst(mount.count)
    }
    while path.count > 1, path.last == 0x2F { path.removeLast() }
    return .holds(.cgroup(id: context.cgroupID(word.text), path: path.isEmpty ? [0x2F] : path))
  }

  /// A decimal or `0x` number without a sign; nil when it is none or too large.
  static func unsigned<Number: FixedWidthInteger>(
    _ word: some StringProtocol, _ type: Number.Type
  ) -> Number? {
    let isHexadecimal = word.hasPrefix("0x") || word.hasPrefix("0X")
    let digits = isHexadecimal ? word.dropFirst(2) : word.dropFirst(0)
    guard let first = digits.first, first != "-", first != "+" else { return nil }
    return Number(digits, radix: isHexadecimal ? 16 : 10)
  }
}
