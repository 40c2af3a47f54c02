/// Files below `/proc/net` that name interfaces; who may not ask netlink finds their numbers there.
///
///     dev        `    lo:  920 10 0 …`                  every interface, no number
///     igmp       `1	lo        :     1      V3`         those with an IPv4 address, that are up
///     igmp6      `1    lo              ff02…01     1 …` those with IPv6, that are up
///     if_inet6   `00…01 01 80 10 80       lo`          those with an IPv6 address, in hexadecimal
///     dev_mcast  `2    eth0            1     0     01…` those that listen to a link's groups
enum ProcNetInterfaces {
  /// The names in `dev`, below its two lines of titles.
  static func names(inDev text: Span<UInt8>) -> [[UInt8]] {
    lines(text).compactMap { line in
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")), !line.contains(bar) else {
        return nil
      }
      let name = line[..<colon].drop { $0.isBlank }
      return name.isEmpty ? nil : Array(name)
    }
  }

  /// Numbers by name, of any of the other files.
  static func numbers(_ file: File, _ text: Span<UInt8>) -> [[UInt8]: UInt32] {
    var found: [[UInt8]: UInt32] = [:]
    for line in lines(text) {
      let columns = line.split { $0.isBlank }
      guard columns.count > file.nameColumn, line.first?.isBlank == false,
        let number = UInt32(
          String(decoding: columns[file.numberColumn], as: UTF8.self), radix: file.radix)
      else { continue }
      found[Array(columns[file.nameColumn])] = number
    }
    return found
  }

  /// The addresses in `if_inet6`.
  static func addresses(inIfInet6 text: Span<UInt8>) -> [IPAddress] {
    var found: [IPAddress] = []
    text.forEachLine { line in
      var fields = FieldReader(line)
      guard let first = fields.word(), let second = fields.word(), let third = fields.word(),
        let fourth = fields.word(), fields.isAtSpace
      else { return }
      found.append(IPAddress(v6High: first << 32 | second, low: third << 32 | fourth))
    }
    return found
  }

  /// The host's own addresses in `fib_trie`: each `|-- ADDRESS` that a line with `host LOCAL` follows.
  static func addresses(inFibTrie text: Span<UInt8>) -> [IPAddress] {
    var found: Set<UInt32> = []
    var leaf: UInt32?
    for line in lines(text) {
      let words = line.split { $0.isBlank }
      guard let first = words.first else { continue }
      if first.elementsEqual("|--".utf8), words.count == 2 {
        leaf = ipv4(words[1])
      } else if first.first == UInt8(ascii: "+") {
        leaf = nil
      } else if words.count == 3, words[0].elementsEqual("/32".utf8),
        words[2].elementsEqual("LOCAL".utf8), let leaf
      {
        found.insert(leaf)
      }
    }
    return found.map { IPAddress(v4: $0) }
  }

  enum File: String, CaseIterable {
    case igmp, igmp6
    case inet6 = "if_inet6"
    case multicast = "dev_mcast"

    fileprivate var numberColumn: Int { self == .inet6 ? 1 : 0 }
    fileprivate var nameColumn: Int { self == .inet6 ? 5 : 1 }
    fileprivate var radix: Int { self == .inet6 ? 16 : 10 }
  }

  private static let bar = UInt8(ascii: "|")

  private static func lines(_ text: Span<UInt8>) -> [ArraySlice<UInt8>] {
    text.copied().split(separator: 10)
  }

  private static func ipv4(_ word: ArraySlice<UInt8>) -> UInt32? {
    let parts = word.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let numbers = parts.compactMap { UInt8(String(decoding: $0, as: UTF8.self)) }
    guard parts.count == 4, numbers.count == 4 else { return nil }
    return numbers.reduce(0) { $0 << 8 | UInt32($1) }
  }
}
