import Glibc
import Testing

@testable import ProcNet

@Suite struct InterfacesTests {
  /// `nlmsghdr`: length, type, flags, sequence, port.
  private static func message(_ type: UInt8, flags: UInt8 = 2, _ body: [UInt8]) -> [UInt8] {
    [UInt8(16 + body.count), 0, 0, 0, type, 0, flags, 0, 1, 0, 0, 0, 0, 0, 0, 0] + body
  }

  /// `ifinfomsg` and `IFLA_IFNAME` behind another attribute.
  private static func link(_ index: UInt8, _ name: String, flags: UInt8 = 2) -> [UInt8] {
    let padding = [UInt8](repeating: 0, count: (4 - (name.utf8.count + 1) % 4) % 4)
    let other: [UInt8] = [5, 0, 16, 0, 6, 0, 0, 0]  // IFLA_OPERSTATE, 1 byte, padded
    let head: [UInt8] = [0, 0, 1, 0, index, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    let attribute = [UInt8(5 + name.utf8.count), 0, 3, 0] + Array(name.utf8) + [0] + padding
    return message(16, flags: flags, head + other + attribute)
  }

  private static let done = message(3, [0, 0, 0, 0])

  private func read(_ datagrams: [[UInt8]]) -> (Interfaces, [Gap]) {
    var tables = OwnersKernel.Tables()
    tables.datagrams = datagrams
    var gaps: [Gap] = []
    return (Interfaces(through: OwnersKernel(tables), gaps: &gaps), gaps)
  }

  @Test func `interfaces are found by index and by name`() {
    let (interfaces, gaps) = read([Self.link(1, "lo") + Self.link(7, "eth0.100"), Self.done])
    #expect(OwnersKernel.text(interfaces.name(of: 7)) == "eth0.100")
    #expect(interfaces.index(of: Array("lo".utf8)) == 1)
    #expect(interfaces.name(of: 2) == nil)
    #expect(gaps.isEmpty)
  }

  @Test func `a name may hold an escape sequence`() {
    #expect(
      OwnersKernel.text(read([Self.link(3, "a\u{1b}[2J"), Self.done]).0.name(of: 3))
        == "a\u{1b}[2J")
  }

  @Test func `an error of the kernel's becomes a gap`() {
    let denied = Self.message(2, [0xFF, 0xFF, 0xFF, 0xFF])  // -EPERM
    #expect(
      read([denied]).1.map(\.message) == [
        "interface names not shown: cannot list interfaces: operation not permitted"
      ])
  }

  @Test func `a changed answer is asked for again, then taken as it is`() {
    #expect(
      OwnersKernel.text(read([Self.link(1, "lo", flags: 0x12), Self.done]).0.name(of: 1))
        == "lo")
  }

  @Test func `no beginning and no damaged byte of an answer traps`() {
    let whole = Self.link(1, "lo") + Self.link(7, "eth0") + Self.done
    for length in 0..<whole.count {
      let (interfaces, _) = read([Array(whole[..<length])])
      #expect(interfaces.name(of: 9) == nil)
    }
    for position in whole.indices {
      for value: UInt8 in [0, 1, 3, 15, 16, 0x7F, 0xFF] {
        var damaged = whole
        damaged[position] = value
        _ = read([damaged])
      }
    }
    #expect(read([whole]).0.name(of: 7) != nil)
  }

  @Test func `the loopback interface of this host has the C library's index`() {
    var gaps: [Gap] = []
    let interfaces = Interfaces(through: LiveKernel(), gaps: &gaps)
    #expect(interfaces.index(of: Array("lo".utf8)) == if_nametoindex("lo"))
    #expect(gaps.isEmpty)
  }
}
