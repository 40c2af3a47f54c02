import Glibc
import ProcNet
import TestSupport
import Testing

@testable import sockinspect

/// What the C library writes for an address.
private func libraryText(_ address: IPAddress) -> String {
  var bytes: [UInt8] = []
  let halves = address.isIPv6 ? [address.high, address.low] : [address.low << 32]
  for half in halves {
    for shift in stride(from: 56, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: half >> UInt64(shift)))
    }
  }
  var text = [CChar](repeating: 0, count: 64)
  let family = address.isIPv6 ? AF_INET6 : AF_INET
  guard let end = inet_ntop(family, bytes, &text, 64) else { return "no text" }
  return String(cString: end)
}

@Suite struct AddressTextTests {
  static let table: [(UInt64, UInt64, String)] = [
    (0, 0, "::"), (0, 1, "::1"), (0x0001_0000_0000_0000, 0, "1::"),
    (0x2001_0DB8_0000_0000, 1, "2001:db8::1"),
    (0xFE80_0000_0000_0000, 0x0202_B3FF_FE1E_8329, "fe80::202:b3ff:fe1e:8329"),
    // Two runs of equal length: the first is left out.
    (0x2001_0DB8_0000_0000, 0x0001_0000_0000_0001, "2001:db8::1:0:0:1"),
    // A single zero group is written.
    (0x2001_0DB8_0000_0001, 0x0001_0001_0001_0001, "2001:db8:0:1:1:1:1:1"),
    (0x0001_0002_0003_0004, 0x0005_0006_0000_0000, "1:2:3:4:5:6::"),
    (0x0000_0000_0003_0004, 0x0005_0006_0007_0008, "::3:4:5:6:7:8"),
    (0, 0xFFFF_7F00_0001, "::ffff:127.0.0.1"), (0, 0x0A00_0001, "::10.0.0.1"),
    (0, 0xFFFF, "::ffff"), (0, 0x1_0000, "::0.1.0.0"), (0, 0x1_0000_0001, "::1:0:1"),
    (0, 0xFFFE_0A00_0001, "::fffe:a00:1"),
    (.max, .max, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
  ]

  @Test("IPv6 addresses have one spelling, the C library's", arguments: table)
  func spelling(high: UInt64, low: UInt64, text: String) {
    let address = IPAddress(v6High: high, low: low)
    #expect(AddressText.string(address) == text)
    #expect(libraryText(address) == text)
  }

  @Test(
    "20,000 IPv6 addresses with many zero groups are spelled like the C library's",
    arguments: SeededRandom.seeds(1))
  func likeLibrary(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var different: [String] = []
    for _ in 0..<20_000 {
      let address = Self.address(&random)
      let (ours, theirs) = (AddressText.string(address), libraryText(address))
      if ours != theirs { different.append("\(ours) instead of \(theirs)") }
    }
    #expect(different.isEmpty, "SEED=\(seed): \(different.prefix(10))")
  }

  /// Groups of which three in five are zero; the rest short, long or 0xffff.
  private static func address(_ random: inout SeededRandom) -> IPAddress {
    let groups = (0..<8).map { _ -> UInt64 in
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<6: 0
      case 6: 0xFFFF
      case 7: UInt64.random(in: 1...15, using: &random)
      default: UInt64.random(in: 0...0xFFFF, using: &random)
      }
    }
    let halves = [groups[..<4], groups[4...]].map { $0.reduce(0) { $0 << 16 | $1 } }
    return IPAddress(v6High: halves[0], low: halves[1])
  }

  @Test("IPv4 addresses are spelled like the C library's", arguments: SeededRandom.seeds(1))
  func version4(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for number in [0, .max, 0x7F00_0001]
      + (0..<1000).map({ _ in UInt32.random(in: 0 ... .max, using: &random) })
    {
      let address = IPAddress(v4: number)
      #expect(AddressText.string(address) == libraryText(address), "SEED=\(seed)")
    }
  }

  private static let any4 = IPAddress.anyV4
  private static let any6 = IPAddress.anyV6
  private static let one = IPAddress(v6High: 0, low: 1)

  static let endpoints: [(Endpoint, Bool, String?, String)] = [
    (Endpoint(address: IPAddress(v4: 0x7F00_0001), port: 80), false, nil, "127.0.0.1:80"),
    (Endpoint(address: any4, port: 0), false, nil, "0.0.0.0:*"),
    (Endpoint(address: IPAddress(v4: 0x7F00_0035), port: 53), false, "lo", "127.0.0.53%lo:53"),
    (Endpoint(address: any6, port: 443), false, nil, "*:443"),
    (Endpoint(address: any6, port: 443), true, nil, "[::]:443"),
    (Endpoint(address: any6, port: 0), true, "eth0", "[::]%eth0:*"),
    (Endpoint(address: one, port: 65535), false, nil, "[::1]:65535"),
    (Endpoint(address: one, port: 1), false, "a\u{1b}b", #"[::1]%a\x1bb:1"#),
  ]

  @Test("endpoints are written as ss writes them", arguments: endpoints)
  func endpoint(endpoint: Endpoint, isV6Only: Bool, interface: String?, text: String) {
    let shown = written {
      AddressText.append(
        endpoint, isV6Only: isV6Only, interface: interface.map { Array($0.utf8) }, to: &$0)
    }
    #expect(shown == text)
  }
}
