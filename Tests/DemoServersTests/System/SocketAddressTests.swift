import Testing

@testable import DemoServers

@Suite("Addresses as people type them") struct SocketAddressTests {
  @Test(
    "are written back as they were read",
    arguments: [
      "127.0.0.1:9000", "0.0.0.0:0", "255.255.255.255:65535", "[::1]:80", "[fe80::1:2]:9",
      "unix:/run/x.sock", "unix:relative", "unix:@name", "unix:/tmp/ä b",
    ])
  func roundTrip(_ text: String) throws {
    #expect(try SocketAddress(text).description == text)
  }

  @Test("have short forms for this host and for any address")
  func shortForms() throws {
    #expect(try SocketAddress(":80") == .ip4(host: "127.0.0.1", port: 80))
    #expect(try SocketAddress("localhost:80") == .ip4(host: "127.0.0.1", port: 80))
    #expect(try SocketAddress("*:80") == .ip4(host: "0.0.0.0", port: 80))
  }

  @Test(
    "that make no sense are wrong usage, whatever they are",
    arguments: [
      "", "9000", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "127.0.0.1:-1",
      "127.0.0.1:+1", "1.2.3:4", "256.0.0.1:1", "::1:80", "[::1", "[::1]80", "[127.0.0.1:80",
      "host.example:80", "unix:", "unix:@", "unix:" + String(repeating: "x", count: 108),
    ])
  func refused(_ text: String) {
    #expect { try SocketAddress(text) } throws: { ($0 as? DemoError)?.status == 64 }
  }

  @Test("IPv6 without brackets is answered with the right spelling")
  func brackets() {
    #expect(throws: DemoError.usage("'::1:80' needs brackets around its address: [::1]:80")) {
      try SocketAddress("::1:80")
    }
  }

  @Test(
    "pass through the kernel's form unchanged",
    arguments: [
      "127.1.2.3:9000", "[::1]:80", "[2001:db8::7]:65535", "unix:/run/x", "unix:@name",
      "unix:/" + String(repeating: "x", count: 106),
    ])
  func kernelForm(_ text: String) throws {
    let address = try SocketAddress(text)
    let copy = address.withSockaddr { given, length in
      SocketAddress.received { memory, size in
        UnsafeMutableRawPointer(memory).copyMemory(from: given, byteCount: Int(length))
        size.pointee = length
      }
    }
    #expect(copy == address)
  }

  @Test("that are too long for the kernel are cut, not written past their place")
  func longName() {
    let name = String(repeating: "x", count: 300)
    // Two bytes of family, 108 of name.
    for address in [SocketAddress.abstract(name), .path(name)] {
      #expect(address.withSockaddr { _, length in length } == 110)
    }
  }

  @Test("are local when only this host can reach them")
  func locality() throws {
    for text in ["127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "unix:x", "unix:@x"] {
      #expect(try SocketAddress(text).isLocal, "\(text)")
    }
    for text in ["0.0.0.0:1", "[::]:1", "10.0.0.1:1", "[2001:db8::1]:1"] {
      #expect(try !SocketAddress(text).isLocal, "\(text)")
    }
  }
}
