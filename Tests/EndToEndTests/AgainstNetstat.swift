import Testing

extension EndToEnd {
  @Suite("netstat reads the same facts", .enabled(if: Tool.has("netstat"), "needs netstat"))
  struct AgainstNetstat {
    @Test("of TCP: queues, addresses and states, except the limit that netstat cannot know")
    func tcp() throws {
      let zoo = try Zoo()
      let listing = { try zoo.run(["netstat", "-tanW"]) }
      let before = netstatRows(try listing())
      let ours = try zoo.sockinspect(["-Htan"])
      #expect(ours.status == 0, "\(ours)")
      let differences = Comparison(
        before: before, ours: rows(ours).compactMap(asNetstat), after: netstatRows(try listing())
      ).differences
      #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
      #expect(before.count >= 30)
    }
  }
}

/// `tcp 0 0 127.0.0.1:80 0.0.0.0:* LISTEN`, without netstat's mark of the family.
private func netstatRows(_ outcome: Outcome) -> [String] {
  rows(outcome).filter { $0.hasPrefix("tcp") }.map { $0.replacing(#/^tcp6? /#, with: "") }
}

/// `LISTEN 0 7 *:80 *:*` as netstat would write it; nil for a line of another form.
private func asNetstat(_ row: String) -> String? {
  let words = row.split(separator: " ").map(String.init)
  guard words.count == 5 else { return nil }
  let state = netstatState[words[0]] ?? words[0].replacing("-", with: "_")
  let sendQueue = words[0] == "LISTEN" ? "0" : words[2]
  return ([words[1], sendQueue] + words[3...4].map(netstatAddress) + [state])
    .joined(separator: " ")
}

private let netstatState = [
  "ESTAB": "ESTABLISHED", "FIN-WAIT-1": "FIN_WAIT1", "FIN-WAIT-2": "FIN_WAIT2",
]

/// Without brackets, device and the sign for an IPv4 address in an IPv6 socket.
private func netstatAddress(_ endpoint: String) -> String {
  let plain = endpoint.replacing(/[\[\]]/, with: "").replacing(/%[^:]*/, with: "")
    .replacing("::ffff:", with: "")
  return plain.hasPrefix("*:") ? "::" + plain.dropFirst() : plain
}
