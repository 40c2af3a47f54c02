import Foundation
import Testing

extension EndToEnd {
  /// What `listen` says of scenarios that are known from outside.
  @Suite("Listeners", .enabled(if: ListenScene.isPossible, ListenScene.reason))
  struct ListenCommandTests {
    @Test(
      "a server that never accepts: length, limit, drops as ss tells them, who hung up, how long",
      .enabled(if: Tool.has("ss"), "needs ss"))
    func clogged() throws {
      let scene = try ListenScene("clogged")
      let first = try #require(scene.facts.firstClient)
      var looked: (from: Double, to: Double) = (0, 0)
      let (drops, listeners) = try scene.whileStill {
        try scene.dropsBySS(9000)
      } _: {
        looked.from = Self.now
        defer { looked.to = Self.now }
        return try scene.listeners(["-t"])
      }
      let worst = try #require(listeners.first)
      try check(worst, port: 9000)
      #expect(worst["drops"] as? Int == drops && (drops ?? 0) >= 6)
      let oldest = Double(try #require(queue(worst)["oldest_ms"] as? Int)) / 1000
      #expect(oldest > looked.from - first - 0.05 && oldest < looked.to - first + 0.05)
      try checkQuiet(listeners)
    }

    /// The numbers of the server that never accepts.
    private func check(_ listener: [String: Any], port: Int) throws {
      let queue = try queue(listener)
      #expect((listener["local"] as? [String: Any])?["port"] as? Int == port)
      #expect(queue["length"] as? Int == 6 && queue["limit"] as? Int == 5)
      #expect(queue["full"] as? Bool == true && queue["abandoned"] as? Int == 2)
      #expect(queue["unread_bytes"] as? Int == 33, "three clients said hello world")
      #expect(listener["connections"] as? [String: Int] == ["ESTAB": 0, "CLOSE-WAIT": 0])
    }

    /// The other listener is as if nothing were.
    private func checkQuiet(_ listeners: [[String: Any]]) throws {
      try #require(listeners.count == 2)
      let queue = try queue(listeners[1])
      #expect(queue["length"] as? Int == 0 && queue["limit"] as? Int == 100)
      #expect(queue["full"] as? Bool == false && queue["abandoned"] as? Int == 0)
      #expect(queue["oldest_ms"] == nil && listeners[1]["drops"] as? Int == 0)
    }

    private static var now: Double {
      var time = timespec()
      clock_gettime(CLOCK_MONOTONIC, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    @Test("the same from a recording, with the ages of the moment when it was made")
    func recorded() throws {
      let scene = try ListenScene("clogged")
      let file = "\(scene.folder.path)/incident.rec"
      let recording = try scene.run([Product.sockinspect, "record", "-N", "self", file])
      #expect(recording.status == 0, "\(recording)")
      let before = try scene.listeners(["-t"])
      let listeners = try scene.listeners(["-t", "--from", file])
      try check(try #require(listeners.first), port: 9000)
      try checkQuiet(listeners)
      let ages = try [listeners, before].map { try queue($0[0])["oldest_ms"] as? Int ?? 0 }
      #expect(ages[0] > 400 && ages[0] <= ages[1], "\(ages)")
      let refused = try scene.listen(["--from", file, "--interval", "1"])
      // The words are right; it is this recording that holds one moment only.
      #expect(refused.status == 1, "\(refused)")
    }

    @Test(
      "read from /proc, limit and drops are not known, and a note says so",
      arguments: [["--source", "proc"], ["--source", "proc", "--proc", "/proc"]])
    func procSource(place: [String]) throws {
      let scene = try ListenScene("clogged")
      let listeners = try scene.listeners(["-t", ":9000"] + place)
      let worst = try #require(listeners.first)
      let queue = try queue(worst)
      #expect(queue["length"] as? Int == 6 && queue["abandoned"] as? Int == 2)
      #expect(queue["limit"] == nil && queue["full"] == nil && worst["drops"] == nil)
      let table = try scene.listen(["-t", "--columns", "local,queue,drops"] + place)
      #expect(table.text.contains(/127\.0\.0\.1:9000 +6\/- +-\n/), "\(table)")
      #expect(table.errorText.contains("accept queue limits not shown"))
      #expect(table.errorText.contains("drops of 2 listeners not shown"))
    }

    @Test("the list of those that wait names the clients, and those that hung up")
    func waitingClients() throws {
      let scene = try ListenScene("clogged")
      let worst = try #require(try scene.listeners(["--waiting", ":9000"]).first)
      let waiting = try #require(worst["waiting"] as? [[String: Any]])
      #expect(waiting.count == 6 && waiting.filter { $0["abandoned"] as? Bool == true }.count == 2)
      for client in waiting where client["abandoned"] as? Bool == false {
        let owners = try #require(client["peer_owners"] as? [[String: Any]])
        #expect(owners.first?["pid"] as? Int == Int(scene.facts.pid))
      }
      let ages = waiting.compactMap { $0["age_ms"] as? Int }
      #expect(ages.count == 6 && ages == ages.sorted(by: >))
      let table = try scene.listen(["--waiting", ":9000"])
      #expect(table.text.matches(of: /127\.0\.0\.1:[0-9]+  waits [0-9]/).count == 6, "\(table)")
      #expect(table.text.matches(of: /CLOSE-WAIT \(gone\)/).count == 2, "\(table)")
    }

    @Test("a full unix listener, with those in its queue and the one that is blocked")
    func unix() throws {
      let scene = try ListenScene("unix")
      let path = try #require(scene.facts.path)
      let listener = try #require(try scene.listeners(["-x", "--waiting", "src", path]).first)
      let queue = try queue(listener)
      #expect(queue["length"] as? Int == 3 && queue["limit"] as? Int == 2)
      #expect(queue["full"] as? Bool == true && queue["oldest_ms"] == nil)
      #expect(listener["drops"] == nil && queue["abandoned"] == nil)
      let waiting = try #require(listener["waiting"] as? [[String: Any]])
      #expect(waiting.count == 3 && waiting.allSatisfy { $0["peer_owners"] != nil })
      let blocked = try #require(listener["blocked"] as? [[String: Any]])
      #expect(blocked.contains { $0["pid"] as? Int == scene.facts.blocked.map(Int.init) })
    }

    @Test("drops are told of the listener that drops, and their sum is the namespace's")
    func attribution() throws {
      let scene = try ListenScene("dropping")
      let (total, listeners) = try scene.whileStill {
        try scene.listenDrops()
      } _: {
        try scene.listeners(["-t"])
      }
      let drops = listeners.reduce(into: [Int: Int]()) { drops, listener in
        let port = (listener["local"] as? [String: Any])?["port"] as? Int ?? 0
        drops[port] = listener["drops"] as? Int
      }
      #expect(drops[9001] == 0 && (drops[9000] ?? 0) >= 4, "\(drops)")
      #expect(drops.values.reduce(0, +) == total)
    }

    @Test("drops per second are those between two looks")
    func interval() throws {
      let scene = try ListenScene("dropping")
      // Clients retry after 1 s and after 3 s, so in 1.2 s of the first 3 there are some.
      let worst = try #require(try scene.listeners(["-t", "--interval", "1.2"]).first)
      let drops = try #require(worst["drops_in_interval"] as? Int)
      let length = try #require(worst["interval_ms"] as? Int)
      let rate = try #require(worst["drops_per_s"] as? Double)
      #expect(drops > 0 && length >= 1200)
      #expect(abs(rate - Double(drops) * 1000 / Double(length)) <= 0.05)
    }

    @Test("of four shards the one whose process is stopped is full, and shown first")
    func shards() throws {
      let scene = try ListenScene("shards")
      let shards = try scene.listeners(["-t"])
      try #require(shards.count == 4 && shards.allSatisfy { $0["shards"] as? Int == 4 })
      let lengths = try shards.map { try queue($0)["length"] as? Int }
      #expect(lengths == [5, 0, 0, 0])
      #expect(try queue(shards[0])["full"] as? Bool == true)
      let owners = try #require(shards[0]["owners"] as? [[String: Any]])
      #expect(owners.map { $0["pid"] as? Int } == [scene.facts.stopped.map(Int.init)])
      #expect(try queue(shards[0])["oldest_ms"] is Int)
      #expect(try shards[1...].allSatisfy { try queue($0)["oldest_ms"] == nil })
      #expect(try accepted(in: scene, atLeast: 20), "what the other shards accepted")
    }

    /// The clients are connected before the shards have accepted them all.
    private func accepted(in scene: ListenScene, atLeast wanted: Int) throws -> Bool {
      let deadline = ContinuousClock.now + .seconds(10)
      while .now < deadline {
        let states = try scene.listeners(["-t"]).first?["connections"] as? [String: Int]
        if let count = states?["ESTAB"], count >= wanted { return true }
      }
      return false
    }

    @Test(
      "as nobody the numbers are the same, without owners, and one note says what root would add",
      .enabled(if: Tool.canChangeUser, "needs setpriv"))
    func unprivileged() throws {
      let scene = try ListenScene("clogged")
      let worst = try #require(try scene.listeners(["-t"], as: .nobody).first)
      try check(worst, port: 9000)
      #expect(worst["drops"] is Int && worst["owners"] == nil)
      let table = try scene.listen(["-t"], as: .nobody)
      #expect(table.errorLines.count == 1, "\(table)")
      #expect(table.errorText.contains("owners of") && table.errorText.contains("run as root"))
    }

    private func queue(_ listener: [String: Any]) throws -> [String: Any] {
      try #require(listener["accept_queue"] as? [String: Any])
    }
  }
}
