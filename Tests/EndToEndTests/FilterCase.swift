import Testing

/// A filter that ss and sockinspect both understand; `{KIND}` stands for the port of a socket in
/// the zoo.
struct FilterCase: Sendable, CustomTestStringConvertible {
  var template: String
  var testDescription: String { template }

  static let all: [FilterCase] = [
    "-t state established ( dport = :{tcp4-listener} or sport = :{tcp4-listener} )",
    "-t sport = :{tcp4-listener}",
    "-ta sport = :{tcp4-listener}",
    "-ta dport = {tcp4-listener}",
    "-ta sport == :{tcp6-listener}",
    "-ta sport eq :{tcp-dual-listener}",
    "-ta sport != :{tcp4-listener}",
    "-ta sport gt :1024",
    "-ta sport > :{tcp4-listener}",
    "-ta sport ge :{tcp4-listener}",
    "-ta dport lt :{tcp4-listener}",
    "-ta dport le :{tcp4-listener}",
    "-ta not sport = :{tcp4-listener}",
    "-ta ! ( sport = :{tcp4-listener} or dport = :{tcp4-listener} )",
    "-ta sport = :{tcp4-listener} and dst 127.0.0.1",
    "-ta sport = :{tcp4-listener} dst 127.0.0.1",
    "-ta dst 127.0.0.0/8",
    "-ta src 127.0.0.1",
    "-ta dst [::1]",
    "-ta src [::]",
    "-ta src 0.0.0.0",
    "-ta dst 127.0.0.1:{tcp4-listener}",
    "-ta src [::1]:{tcp6-listener}",
    "-ta src *:{tcp-dual-listener}",
    "-ta dst [::ffff:127.0.0.1]",
    "-ta src inet:127.0.0.1",
    "-t state listening",
    "-t state time-wait",
    "-t state fin-wait-1 state fin-wait-2",
    "-t state close-wait",
    "-t state last-ack",
    "-t state syn-sent",
    "-t state syn-recv",
    "-t state connected",
    "-t state synchronized",
    "-t state bucket",
    "-t state big",
    "-t state all",
    "-t exclude listening",
    "-t exclude established exclude time-wait",
    "-t state connected exclude established",
    "-t state CLOSE-WAIT",
    "-u state unconnected",
    "-u state established",
    "-u state close",
    "-ua sport = :{udp4-bound}",
    "-ua dport = :{udp6-bound}",
    "-tua sport gt :30000",
    "-ta dev = lo",
    "-ua dev lo",
    "-ta dev != lo",
    "-xa src *stream.sock",
    "-xa src unix:*dgram*",
    "-x state listening",
    "-x state established",
    "-wa src 127.0.0.1",
    "-a sport = :{tcp4-listener}",
    "-a src 127.0.0.1",
    "-ta autobound",
  ].map(FilterCase.init)

  /// The words as a shell hands them over.
  func words(for catalog: Catalog) throws -> [String] {
    try template.split(separator: " ").map { word in
      guard let start = word.firstIndex(of: "{"), let end = word.firstIndex(of: "}") else {
        return String(word)
      }
      let port = try catalog.port(String(word[word.index(after: start)..<end]))
      return "\(word[..<start])\(port)\(word[word.index(after: end)...])"
    }
  }
}
