/// A folder of the tree as the systemd unit that it may be.
struct ControlGroupsUnit {
  enum Kind: String, CaseIterable {
    case service, scope, socket, slice
  }

  /// The unit's name with escapes undone; nil when the folder is no unit.
  private(set) var name: String?
  private(set) var kind: Kind?

  init(_ group: [UInt8]) {
    for kind in Kind.allCases where Self.has(group, ending: ".\(kind.rawValue)") {
      self.kind = kind
      name = String(rawBytes: Self.unescaped(group))
    }
  }

  /// systemd puts `_` before a folder that would be taken for a file of the kernel's.
  static func groupName(_ folder: ArraySlice<UInt8>) -> [UInt8] {
    Array(folder.first == UInt8(ascii: "_") ? folder.dropFirst() : folder)
  }

  private static func has(_ name: [UInt8], ending: String) -> Bool {
    name.count > ending.utf8.count && name.suffix(ending.utf8.count).elementsEqual(ending.utf8)
  }

  /// `\x2d` becomes `-`; a backslash without two hexadecimal digits stays.
  static func unescaped(_ name: some Sequence<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = Array(name)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "x"),
        let value = hexadecimal(rest.dropFirst().prefix(2))
      {
        bytes.append(value)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return bytes
  }

  private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt8? {
    guard digits.count == 2, digits.allSatisfy(ControlGroupsContainer.isHexadecimal) else {
      return nil
    }
    return UInt8(String(rawBytes: digits), radix: 16)
  }
}
