import Foundation
import Glibc
import Testing

@testable import DemoServers

@Suite("A load of clients that behave badly", .timeLimit(.minutes(1)))
struct LoadKindTests {
  @Test("silent ones connect and send nothing")
  func silent() throws {
    let seen = Seen<[UInt8]>()
    let server = try TestServer { seen.add($0.receive()) }
    defer { server.stop() }
    let run = try LoadRun(to: server.address, .silent, connections: 7) {
      $0.duration = 300 * Clock.millisecond
    }
    #expect(run.ready == 7 && run.report.progress.open == 7 && run.counts.bytesSent == 0)
    // The end of each connection, and no byte before it.
    #expect(seen.wait(for: 7) == Array(repeating: [], count: 7))
  }

  @Test("half ones send a message without its end, then nothing")
  func half() throws {
    let seen = Seen<[UInt8]>()
    let server = try TestServer { seen.add($0.receiveLine()) }
    defer { server.stop() }
    let run = try LoadRun(to: server.address, .half, connections: 3) {
      $0.duration = 300 * Clock.millisecond
    }
    #expect(run.report.progress.open == 3 && run.counts.sent == 0)
    let halves = seen.wait(for: 3)
    #expect(halves.count == 3 && halves.allSatisfy { $0.count == 16 && !$0.contains(10) })
  }

  @Test("hang-ups send a message and are gone, each time on a new connection")
  func hangUp() throws {
    let seen = Seen<Int>()
    let server = try TestServer { connection in
      let line = connection.receiveLine()
      seen.add(line.last == 10 ? connection.receive().count : -1)
    }
    defer { server.stop() }
    let run = try LoadRun(to: server.address, .hangUp, connections: 4) { $0.requests = 30 }
    #expect(run.report.end == .finished && run.report.didWhatWasAsked)
    #expect(run.counts.sent == 30 && run.counts.connected == 30)
    // A whole message, then the end.
    #expect(seen.wait(for: 30) == Array(repeating: 0, count: 30))
  }

  @Test("those that never read fill the server's send buffer until it is stuck")
  func neverRead() throws {
    let stuck = Seen<Bool>()
    let server = try TestServer { connection in
      var patience = timeval(tv_sec: 0, tv_usec: 200_000)
      setsockopt(
        connection.number, SOL_SOCKET, SO_SNDTIMEO, &patience,
        socklen_t(MemoryLayout<timeval>.size))
      while case let bytes = connection.receive(), !bytes.isEmpty {
        if !connection.send(bytes) { return stuck.add(errno == EAGAIN) }
      }
    }
    defer { server.stop() }
    let run = try LoadRun(to: server.address, .neverRead, connections: 2) {
      $0.duration = 5 * Clock.second
    }
    #expect(stuck.wait(for: 2) == [true, true])
    #expect(run.counts.bytesReceived == 0 && run.counts.sent > 100)
    // The server has given up and closed, which the clients notice without reading.
    #expect(run.counts.closedByServer + run.counts.reset == 2)
    #expect(run.report.end == .finished)
  }

  @Test("those that never read stop sending where they were told, and stay")
  func neverReadLimited() throws {
    let seen = Seen<[UInt8]>()
    let server = try TestServer { connection in
      for _ in 0..<5 { seen.add(connection.receiveLine()) }
      connection.waitForEnd()
    }
    defer { server.stop() }
    let run = try LoadRun(to: server.address, .neverRead, connections: 1) {
      $0.requests = 5
      $0.duration = 300 * Clock.millisecond
    }
    #expect(run.counts.sent == 5 && run.report.progress.open == 1)
    #expect(seen.wait(for: 5).allSatisfy { $0.count == 1024 })
  }
}

@Suite("A load and its connections", .timeLimit(.minutes(1)))
struct LoadConnectTests {
  @Test("is ready although connects hang, and counts them as waiting")
  func readyInSpiteOfHanging() throws {
    // Nobody accepts. A backlog of 1 holds two; the handshakes of the others are not answered.
    let server = try TestServer(backlog: 1)
    defer { server.stop() }
    let run = try LoadRun(to: server.address, .silent, connections: 6) {
      $0.duration = 800 * Clock.millisecond
    }
    let ready = try #require(run.ready)
    #expect((2...3).contains(ready))
    #expect(run.report.progress.waiting == 6 - ready && run.report.unconnected == 6 - ready)
    #expect(run.report.duration >= 800 * Clock.millisecond)
  }

  @Test("waits in front of a unix listener's full queue, and gets in when it drains")
  func unixQueue() throws {
    let path = "/tmp/load-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    let server = try TestServer(path: path, backlog: 1)
    defer {
      server.stop()
      unlink(path)
    }
    let seen = Seen<Int>()
    let run = try LoadRun(to: server.address, connections: 8) {
      $0.requests = 8
    } whenReady: {
      server.acceptNow { connection in
        seen.add(connection.count)
        connection.echo()
      }
    }
    #expect(run.ready == 2 && run.counts.answered == 8 && seen.all.count == 8)
    #expect(run.counts.begun == 8 && run.counts.otherFailures.isEmpty)
  }

  @Test("a missing unix socket is a failure with a name")
  func noSuchPath() throws {
    let run = try LoadRun(to: .path("/nonexistent/socket"), connections: 3) { $0.requests = 3 }
    #expect(run.counts.otherFailures == ["no such file or directory": 3])
    #expect(!run.report.didWhatWasAsked)
  }

  @Test("connects at its rate")
  func rate() throws {
    let server = try TestServer { $0.echo() }
    defer { server.stop() }
    let run = try LoadRun(to: server.address, connections: 30) {
      $0.rate = 100
      $0.requests = 30
    }
    // The 30th begins after 290 ms, less the 20 ms that may be made up for.
    #expect(run.ready == 30 && run.counts.answered == 30)
    #expect(run.report.duration >= 270 * Clock.millisecond)
  }

  @Test("no more clients than open files allow, and it says how many")
  func fileLimit() throws {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    var plan = LoadPlan(to: .abstract("nobody"), kind: .silent, connections: 1_000_000)
    plan.duration = 1
    let load = try Load(plan)
    #expect(load.connections < 1_000_000 || limit.rlim_max > 1_000_000)
    #expect(load.connections > Int(limit.rlim_max) - 1000 || limit.rlim_max > 1_000_000)
  }
}
