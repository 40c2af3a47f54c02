import ProcNet
import Testing

/// Names as every Linux host has them.
@Suite struct NameLookupTests {
  @Test("localhost has a loopback address, each once")
  func localhost() {
    let found = NameLookup.addresses(ofHost: "localhost")
    #expect(!found.isEmpty)
    #expect(found.allSatisfy { $0.isLoopback })
    #expect(Set(found).count == found.count)
  }

  @Test("an address as text is its own answer")
  func literals() {
    #expect(NameLookup.addresses(ofHost: "10.1.2.3") == [IPAddress(v4: 0x0A01_0203)])
    let documentation = IPAddress(v6High: 0x2001_0DB8_0000_0000, low: 7)
    #expect(NameLookup.addresses(ofHost: "2001:db8::7") == [documentation])
  }

  @Test("a service's number is its port, a word that is none has no port")
  func services() {
    #expect(NameLookup.port(ofService: "8080", netids: .tcp) == 8080)
    #expect(NameLookup.port(ofService: "no-such-service", netids: .all) == nil)
    // Only where the host has a list of services.
    if let ssh = NameLookup.port(ofService: "ssh", netids: .all) { #expect(ssh == 22) }
  }
}
