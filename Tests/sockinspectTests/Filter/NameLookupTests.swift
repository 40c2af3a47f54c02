import ProcNet
import Testing

/// Names as every Linux host has them.
@Suite struct NameLookupTests {
  @Test("localhost has a loopback address, each once")
  func localhost() throws {
    let found = try NameLookup.addresses(ofHost: "localhost")
    #expect(!found.isEmpty)
    #expect(found.allSatisfy { $0.isLoopback })
    #expect(Set(found).count == found.count)
  }

  @Test("an address as text is its own answer")
  func literals() throws {
    #expect(try NameLookup.addresses(ofHost: "10.1.2.3") == [IPAddress(v4: 0x0A01_0203)])
    let documentation = IPAddress(v6High: 0x2001_0DB8_0000_0000, low: 7)
    #expect(try NameLookup.addresses(ofHost: "2001:db8::7") == [documentation])
  }
}
