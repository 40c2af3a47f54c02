import TestSupport
import Testing

@testable import ProcNet

@Suite struct OwnAddressesTests {
  /// `nlmsghdr`: length, type, flags `NLM_F_MULTI`, sequence 1, port.
  private static func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
    [UInt8(16 + body.count), 0, 0, 0, type, 0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0] + body
  }

  /// `ifaddrmsg`: family, prefix length, flags, scope, index 2.
  private static func head(_ family: UInt8) -> [UInt8] { [family, 24, 0, 0, 2, 0, 0, 0] }

  /// `IFA_ADDRESS` 1 and, of a point-to-point link, `IFA_LOCAL` 2.
  private static let v4 = message(20, head(2) + [8, 0, 1, 0, 10, 0, 0, 9, 8, 0, 2, 0, 10, 0, 0, 1])
  private static let v6 = message(
    20, head(10) + [20, 0, 1, 0, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7])
  private static let done = message(3, [0, 0, 0, 0])

  private static func read(_ datagrams: [[UInt8]]) -> OwnAddresses? {
    try? OwnAddresses(in: .here, through: FakeKernel().answering { _ in datagrams })
  }

  @Test func `both families are read, and our end of a point-to-point link`() throws {
    let own = try #require(Self.read([Self.v4 + Self.v6, Self.done]))
    #expect(own.contains(IPAddress(v4: 0x0A00_0001)) && !own.contains(IPAddress(v4: 0x0A00_0009)))
    #expect(own.contains(IPAddress(v6High: 0, low: 0xFFFF_0A00_0001)))
    #expect(own.contains(IPAddress(v6High: 0xFD << 56, low: 7)))
    #expect(own.contains(IPAddress(v4: 0x7F00_0805)))
  }

  @Test func `no answer is no empty list`() {
    #expect(Self.read([Self.v4]) == nil)
    #expect(Self.read([Self.message(2, [0xFF, 0xFF, 0xFF, 0xFF])]) == nil)
    #expect((try? OwnAddresses(in: .here, through: FakeKernel())) == nil)
  }

  @Test func `no beginning and no damaged byte of an answer traps`() {
    let whole = Self.v4 + Self.v6 + Self.done
    for length in 0..<whole.count { _ = Self.read([Array(whole.prefix(length))]) }
    for place in whole.indices {
      for value in [0, 1, 3, 255] as [UInt8] {
        var damaged = whole
        damaged[place] = value
        _ = Self.read([damaged])
      }
    }
  }

  @Test func `the host's own loopback address is there`() throws {
    let own = try OwnAddresses(in: .here, through: LiveKernel())
    #expect(own.contains(IPAddress(v4: 0x7F00_0001)))
  }
}
