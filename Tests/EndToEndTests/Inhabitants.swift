import Testing

extension EndToEnd {
  /// A comparison of nothing with nothing would pass too.
  @Suite("The zoo")
  struct Inhabitants {
    @Test("holds every kind that needs no rights")
    func kinds() throws {
      let catalog = try Zoo().catalog
      let kinds = Set(catalog.made.map(\.kind))
      #expect(kinds.count >= 40)
      for kind in [
        "tcp4-listener", "tcp-fin-wait-1", "tcp-syn-sent", "udp6-only", "unix-abstract-null",
      ] {
        #expect(kinds.contains(kind))
      }
      #expect(catalog.named.count >= 5)
    }

    @Test(
      "holds raw and packet sockets where that is allowed", arguments: ["raw4-icmp", "packet-ring"])
    func privileged(_ kind: String) throws {
      let catalog = try Zoo().catalog
      if let skipped = catalog.skipped.first(where: { $0.kind == kind }) {
        try Test.cancel("\(kind): \(skipped.reason)")
      }
      #expect(catalog.made.contains { $0.kind == kind })
    }

    @Test("holds connections in every state that can be held still")
    func states() throws {
      let zoo = try Zoo()
      let sockets = try sockets(try zoo.sockinspect(["-jta"]).output)
      let states = Set(sockets.compactMap { $0["state"] as? String })
      let expected: Set = [
        "LISTEN", "ESTAB", "SYN-SENT", "SYN-RECV", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT",
        "CLOSE-WAIT", "LAST-ACK",
      ]
      #expect(expected.subtracting(states).sorted() == [])
    }
  }
}
