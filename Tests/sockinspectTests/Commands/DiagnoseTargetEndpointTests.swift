import Diagnosis
import ProcNet
import Testing

@testable import sockinspect

/// Which targets name a place at which a server would listen.
@Suite("The place that a target names")
struct DiagnoseTargetPlaceTests {
  private static func place(_ words: String) throws -> String? {
    DiagnoseTargetEndpoint.read(try Filter.parse([words], .sample()))?.text
  }

  @Test(
    "a port, an address with a port, a path",
    arguments: [
      (":8080", ":8080"), ("127.0.0.1:8080", "127.0.0.1:8080"), ("[::1]:8080", "[::1]:8080"),
      ("sport = :8080", ":8080"), ("state listening and sport = :8080", ":8080"),
      ("src 10.0.0.1 and sport = :8080", "10.0.0.1:8080"), ("*:8080", ":8080"),
      ("/run/x.sock", "/run/x.sock"), ("src unix:/run/x.sock", "/run/x.sock"),
    ])
  func places(_ words: String, _ place: String) throws {
    #expect(try Self.place(words) == place)
  }

  @Test(
    "clients, several places, names and processes are no place",
    arguments: [
      "dport = :8080", "sport = :80 or sport = :81", "sport >= :80", "sport != :80", "nginx",
      "pid:7", "10.0.0.1", "10.0.0.0/8", "sport = :80 and pid = 7", "fill > 80%",
      "state established and sport = :80", "src unix:/run/*",
    ])
  func others(_ words: String) throws {
    #expect(try Self.place(words) == nil)
  }
}
