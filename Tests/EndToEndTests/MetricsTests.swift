import Foundation
import Testing

extension EndToEnd {
  /// What `metrics` says of scenarios that are known from outside.
  @Suite("Metrics", .enabled(if: ListenScene.isPossible, ListenScene.reason))
  struct MetricsTests {
    private func metrics(
      _ scene: ListenScene, _ arguments: [String] = [], as user: User = .ourselves
    ) throws -> MetricsReading {
      let program =
        user == .nobody ? try scene.folder.copy(of: Product.sockinspect) : Product.sockinspect
      let outcome = try scene.run([program, "metrics"] + arguments, as: user)
      try #require(outcome.status == 0, "\(outcome)")
      let isOpen = !arguments.contains("prometheus")
      let reading = try MetricsReading(outcome.output, isOpen: isOpen)
      #expect(reading.faults == [])
      #expect(reading["run_success", [:]] == 1)
      return reading
    }

    /// The server of the scene that never accepts.
    private static let server = ["netid": "tcp", "address": "127.0.0.1", "port": "9000"]

    @Test(
      "the numbers are those of listen, in both formats", arguments: ["openmetrics", "prometheus"])
    func clogged(format: String) throws {
      let scene = try ListenScene("clogged")
      let (total, seen) = try scene.whileStill {
        try scene.listenDrops()
      } _: {
        try metrics(scene, ["--format", format])
      }
      let at = Self.server
      #expect(seen["accept_queue_length", at] == 6 && seen["accept_queue_limit", at] == 5)
      #expect(seen["accept_queue_full", at] == 1 && seen["accept_queue_abandoned", at] == 2)
      #expect(seen["accept_queue_unread_bytes", at] == 33)
      #expect(try #require(seen["accept_queue_oldest_seconds", at]) > 0.4)
      #expect(seen["connections", at.merging(["state": "ESTAB"]) { $1 }] == 0)
      #expect(seen["listener_drops_total", at] == total.map(Double.init))
      #expect(seen["netns_listen_drops_total", [:]] == total.map(Double.init))
      #expect(seen["accept_queue_full", ["port": "9001"]] == 0)
      #expect(seen.all("accept_queue_oldest_seconds").count == 1, "at 9001 nobody waits")
      #expect(seen.all("gaps").count > 5 && seen.all("gaps").allSatisfy { $0 == 0 })
      let counter = "sockinspect_listener_drops" + (format == "prometheus" ? "_total" : "")
      #expect(seen.types[counter] == "counter")
    }

    @Test("a filter chooses listeners; from a recording they are the same, with its moment")
    func recorded() throws {
      let scene = try ListenScene("clogged")
      let file = "\(scene.folder.path)/incident.rec"
      let recording = try scene.run([Product.sockinspect, "record", "-N", "self", file])
      #expect(recording.status == 0, "\(recording)")
      let seen = try metrics(scene, ["--from", file, ":9000"])
      #expect(seen.all("accept_queue_length") == [6])
      #expect(seen["accept_queue_full", Self.server] == 1)
      #expect(seen["accept_queue_abandoned", Self.server] == 2)
      #expect((seen["netns_listen_drops_total", [:]] ?? 0) >= 6)
      let moment = try #require(seen["run_timestamp_seconds", [:]])
      #expect(abs(moment - Date().timeIntervalSince1970) < 60)
    }

    @Test("read from /proc, what is not known has no sample, and the gaps count it")
    func procSource() throws {
      let scene = try ListenScene("clogged")
      let seen = try metrics(scene, ["-t", "--source", "proc"])
      #expect(seen["accept_queue_length", Self.server] == 6)
      for name in ["accept_queue_limit", "accept_queue_full", "listener_drops_total"] {
        #expect(seen.all(name).isEmpty, "\(name)")
      }
      #expect((seen["netns_listen_drops_total", [:]] ?? 0) >= 6)
      #expect(seen["gaps", ["kind": "limits"]] == 1 && seen["gaps", ["kind": "drops"]] == 1)
      #expect(seen["gaps", ["kind": "owners"]] == 0)
    }

    @Test(
      "nobody's processes are looked at: as nobody nothing is missing",
      .enabled(if: Tool.canChangeUser, "needs setpriv"))
    func unprivileged() throws {
      let scene = try ListenScene("clogged")
      let seen = try metrics(scene, as: .nobody)
      #expect(seen["accept_queue_full", Self.server] == 1)
      #expect(seen.all("gaps").allSatisfy { $0 == 0 })
    }

    @Test("each shard of an address is a series of its own; the stopped one is the full one")
    func shards() throws {
      let scene = try ListenScene("shards")
      let seen = try metrics(scene, ["-t"])
      #expect(seen.all("accept_queue_length").sorted() == [0, 0, 0, 5])
      #expect(seen.all("accept_queue_full").sorted() == [0, 0, 0, 1])
      let names = seen.values.keys.filter { $0.name == "sockinspect_accept_queue_full" }
      #expect(Set(names.compactMap { $0.labels["shard"] }).count == 4)
    }

    @Test("names of all kinds, and sockets that look alike, stay valid and apart")
    func hostile() throws {
      let scene = try ListenScene("hostile")
      let count = try #require(scene.facts.count)
      for format in ["openmetrics", "prometheus"] {
        let seen = try metrics(scene, ["-tux", "--format", format])
        #expect(seen.all("accept_queue_length", ["netid": "u_str"]).count == count)
        let paths = Set(seen.values.keys.compactMap { $0.labels["path"] })
        #expect(paths.contains { $0.hasSuffix("/quote\"back\\slash\nline") }, "\(paths)")
        #expect(paths.contains { $0.hasSuffix("/esc\\x1b[31m") }, "\(paths)")
        #expect(paths.contains { $0.hasSuffix("/\\xff\\xfelatin") }, "\(paths)")
        #expect(paths.contains("@abstract@zero"), "\(paths)")
        #expect(seen.all("receive_queue_bytes", ["netid": "udp", "port": "9000"]).count == 2)
      }
    }

    @Test(
      "an independent reader of OpenMetrics takes it all",
      .enabled(if: Tool.hasPrometheusClient, "needs python3 with prometheus_client"))
    func independent() throws {
      let scene = try ListenScene("hostile")
      let program = """
        import sys
        from prometheus_client.openmetrics import parser
        text = open(sys.argv[1], encoding="utf-8", newline="").read()
        samples = [s for f in parser.text_string_to_metric_families(text) for s in f.samples]
        print(sum(s.name == "sockinspect_accept_queue_length" for s in samples))
        """
      let file = "\(scene.folder.path)/metrics"
      let shell = "\"$1\" metrics -x >\"$2\""
      let made = try scene.run(["bash", "-c", shell, "bash", Product.sockinspect, file])
      #expect(made.status == 0, "\(made)")
      let read = try Program(words: ["python3", "-c", program, file]).run()
      #expect(read.text == "\(try #require(scene.facts.count))\n", "\(read)")
    }
  }
}
