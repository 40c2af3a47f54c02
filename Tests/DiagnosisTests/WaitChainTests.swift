import ProcNet
import TestSupport
import Testing

@testable import Diagnosis

/// Chains of waiting across sockets, from a thread to the end that matters.
@Suite("Chains of waiting at sockets")
struct WaitChainTests {
  /// `app` (pid 10) holds listener 100 as 3 and connection 1 as 4, and is in a call.
  private func app(_ call: ThreadCall, _ more: [Int32: DescriptorTarget] = [:]) -> MadeProcess {
    let open: [Int32: DescriptorTarget] = [3: .socket(100), 4: .socket(1)]
    return MadeProcess(10, "app", open.merging(more) { _, new in new }, [.asleep(10, call)])
  }

  private func made(_ call: ThreadCall, _ more: [Int32: DescriptorTarget] = [:]) -> MadeObservation
  {
    var made = MadeObservation()
    made.pair(1, 2)
    made.take(app(call, more))
    made.hold([2], by: 20, "curl")
    made.clogged()
    return made
  }

  @Test("a client that says nothing, and one that does not read")
  func clients() {
    for call in [ThreadCall.on(.recvfrom, 4), .poll([4])] {
      guard case .silent(_, let who)? = made(call).path(10)?.end else {
        Issue.record("no silent client")
        return
      }
      #expect(who.process == 20)
    }
    guard case .notReading(_, let who)? = made(.on(.sendto, 4)).path(10)?.end else {
      Issue.record("no client that does not read")
      return
    }
    #expect(who.process == 20)
  }

  @Test("a client that is stopped is the end")
  func stoppedClient() {
    var made = made(.on(.recvfrom, 4))
    made.take(
      MadeProcess(
        20, "curl", [3: .socket(2)], [.asleep(20, .on(.read, 0), state: "T")]))
    let path = made.path(10)
    guard case .halted(let thread)? = path?.end else {
      Issue.record("not halted")
      return
    }
    #expect(thread.thread == 20 && path?.links.count == 2)
  }

  @Test("a client elsewhere")
  func remoteClient() {
    var made = MadeObservation()
    made.file.table.insert(.tcp(.established, 9000, 40_000, inode: 1, at: 0x0A00_0009))
    made.take(app(.on(.recvfrom, 4)))
    made.clogged()
    made.measured(1, sent: 9000, received: 61_000)
    let path = made.path(10)
    guard case .remote(_, isClient: true)? = path?.end else {
      Issue.record("not a client elsewhere")
      return
    }
    // It is the client's turn since it was answered; it had last said something long before.
    #expect(path?.links.first?.since == 9000 && path?.links.first?.descriptor == 4)
  }

  /// app asks db (pid 30, listener 200 on port 5432) by descriptor 5, inode 11.
  private func asking(
    _ db: ThreadSnapshot?, _ call: ThreadCall = .on(.recvfrom, 5)
  ) -> MadeObservation {
    var made = made(call, [5: .socket(11)])
    made.pair(12, 11, port: 41_000, to: 5432)
    if let db {
      made.take(MadeProcess(30, "db", [3: .socket(200), 4: .socket(12)], [db]))
    } else {
      made.hold([200, 12], by: 30, "db")
    }
    made.listener(.tcp([0, 0, 0], limit: 128, inode: 200, port: 5432))
    return made
  }

  @Test("another server of this host: what it does is the end")
  func upstream() {
    let path = asking(.running(30)).path(10)
    guard case .processor(let thread)? = path?.end else {
      Issue.record("not the processor")
      return
    }
    #expect(thread.thread == 30)
    #expect(path?.links.map(\.process.process) == [10, 30])
    #expect(path?.links.map(\.call) == ["recvfrom", "running"])
    // A server that shows nothing is the end itself.
    for silent in [nil, ThreadSnapshot.denied(30), .asleep(30, .poll([3, 4]))] {
      guard case .upstream(_, let who)? = asking(silent).path(10)?.end else {
        Issue.record("not upstream")
        continue
      }
      #expect(who.process == 30)
    }
  }

  @Test("a server whose only thread accepts the next connection will not answer on this one")
  func accepting() {
    func isProof(_ threads: [ThreadSnapshot], sharedWith child: Int32? = nil) -> Bool? {
      var made = asking(nil)
      made.take(MadeProcess(30, "db", [3: .socket(200), 4: .socket(12)], threads))
      if let child { made.hold([12], by: child, "child") }
      return made.path(10)?.isTrouble
    }
    let accepts = ThreadSnapshot.asleep(30, .on(.accept4, 3))
    #expect(isProof([accepts]) == true)
    // A second thread, or a child with the same connection, may answer.
    #expect(isProof([accepts, .asleep(31, .futex(0x7000, 0))]) == false)
    #expect(isProof([accepts], sharedWith: 31) == false)
    #expect(isProof([.asleep(30, .poll([3, 4]))]) == false)
  }

  @Test("a poll on a pipe and one server is a wait for the server; beside clients it is none")
  func polledUpstream() {
    for asked in [true, false] {
      var inner = asking(.running(30), .poll([5]))
      inner.measured(11, sent: asked ? 10 : 5000, received: asked ? 5000 : 10)
      guard case .processor? = inner.path(10)?.end else {
        Issue.record("did not see the server")
        continue
      }
    }
    // A loop that looks at its clients as well is at rest, whatever it has asked for.
    var loop = asking(.running(30), .poll([3, 4, 5]))
    loop.measured(11, sent: 10, received: 5000)
    guard case .idle? = loop.path(10)?.end else {
      Issue.record("a loop that waits for its clients is no wait for one server")
      return
    }
  }

  @Test("a wait for very many sockets is for nobody in particular")
  func crowd() {
    var open: [Int32: DescriptorTarget] = [5: .socket(11)]
    for number in 20..<90 as Range<Int32> { open[number] = .socket(UInt32(number) + 500) }
    var made = made(.poll([5] + Array(20..<90)), open)
    made.file.table.insert(.tcp(.established, 41_000, 5432, inode: 11))
    made.measured(11, sent: 10, received: 5000)
    guard case .idle? = made.path(10)?.end else {
      Issue.record("not idle")
      return
    }
  }

  @Test("the accept queue of another server, explained or not")
  func queue() {
    var made = made(.on(.recvfrom, 5), [5: .socket(11)])
    made.pair(0, 11, port: 41_000, to: 5432)
    made.take(
      MadeProcess(30, "db", [3: .socket(200)], [.asleep(30, .other(.nanosleep))]))
    made.listener(.tcp([1, 1, 1], limit: 128, inode: 200, port: 5432, still: 1))
    let path = made.path(10)
    guard case .timer(let thread)? = path?.end else {
      Issue.record("not the server's sleep")
      return
    }
    #expect(thread.thread == 30)
    #expect(path?.links.first?.waitsFor?.kind == .acceptQueue)
    made.take(MadeProcess(30, "db", [3: .socket(200)], [.asleep(30, .on(.accept, 3))]))
    guard case .queue(let name)? = made.path(10)?.end else {
      Issue.record("not the queue")
      return
    }
    #expect(name.text == "127.0.0.1:5432")
  }

  @Test("its own accept queue, accepted never or still in connect")
  func ownQueue() {
    var own = made(.on(.recvfrom, 5), [5: .socket(11)])
    own.pair(0, 11, port: 41_000)
    guard case .ownQueue(let name, let process)? = own.path(10)?.end else {
      Issue.record("not its own queue")
      return
    }
    #expect(name.inode == 100 && process.process == 10)
    var connecting = made(.on(.connect, 5), [5: .socket(11)])
    connecting.file.table.insert(.tcp(.synSent, 41_000, 9000, inode: 11))
    connecting.file.listeners[0].lengths = [6, 6, 6]
    guard case .ownQueue? = connecting.path(10)?.end else {
      Issue.record("not its own queue, by connect")
      return
    }
  }

  @Test("a connect to another host is no call to whoever listens on that port of all addresses")
  func samePortElsewhere() {
    var made = MadeObservation()
    made.take(app(.on(.connect, 5), [5: .socket(11)]))
    var wildcard = ObservedListener.tcp([3, 3, 3], limit: 5, still: 3)
    wildcard.listener.socket.local.address = .anyV4
    made.listener(wildcard)
    var row = Socket.tcp(
      .synSent, 41_000, 9000, inode: 11, timer: .retransmission(2), at: 0x0A00_0009)
    row.local.address = IPAddress(v4: 0x0A00_0001)
    made.connection(row, row)
    guard case .connecting(let asked)? = made.path(10)?.end else {
      Issue.record("not another host")
      return
    }
    #expect(asked.inode == 11)
    #expect(
      made.findings(ConnectStuck()).map(\.subject) == [
        .process(ProcessName(process: 10, command: Array("app".utf8)))
      ])
    // Our own address, where the same listener does answer.
    row.peer.address = row.local.address
    #expect(made.file.table.listener(at: row.peer, like: row)?.inode == 100)
  }

  @Test("an address of another namespace of this host leads to the listener there")
  func otherNamespace() {
    func found(_ namespaces: [UInt32], own: Bool = false) -> UInt32? {
      var table = SocketTable()
      for namespace in namespaces {
        var listener = Socket.tcp(.listen, 9000, 0, inode: 100 + namespace)
        listener.local.address = .anyV4
        listener.namespace = namespace
        table.insert(listener)
        var accepted = Socket.tcp(.established, 9000, 50_000, inode: 200 + namespace)
        accepted.local.address = IPAddress(v4: 0x0A00_0009)
        accepted.namespace = namespace
        table.insert(accepted)
      }
      var client = Socket.tcp(.synSent, 41_000, 9000, inode: 11, at: 0x0A00_0009)
      if own {
        client.local.address = client.peer.address
        table.insert(client)
      }
      return table.listener(at: client.peer, like: client)?.inode
    }
    #expect(found([7]) == 107)
    // Two that have the address, or none: it is not known which one answers.
    #expect(found([7, 8]) == nil && found([]) == nil)
    #expect(found([7], own: true) == nil)
  }

  @Test("a ring of servers that ask each other")
  func ring() {
    var made = MadeObservation()
    made.pair(12, 11, port: 41_000, to: 5432)
    made.pair(14, 13, port: 42_000)
    made.take(
      MadeProcess(
        10, "app", [3: .socket(100), 4: .socket(14), 5: .socket(11)],
        [.asleep(10, .on(.recvfrom, 5))]))
    made.take(
      MadeProcess(
        30, "db", [3: .socket(200), 4: .socket(12), 5: .socket(13)],
        [.asleep(30, .on(.recvfrom, 5))]))
    made.clogged()
    made.listener(.tcp([0, 0, 0], limit: 9, inode: 200, port: 5432))
    guard case .cycle(let ring)? = made.path(10)?.end else {
      Issue.record("no ring")
      return
    }
    #expect(ring.map(\.process) == [10, 30])
  }

  @Test("a UDP name server of this host")
  func nameServer() {
    var made = made(.poll([5], .after(5000)), [5: .socket(11)])
    var question = Socket.tcp(.established, 45_000, 53, inode: 11)
    question.netid = .udp
    made.file.table.insert(question)
    var server = Socket.tcp(.close, 53, 0, inode: 53)
    server.netid = .udp
    made.file.table.insert(server)
    made.take(
      MadeProcess(53, "named", [3: .socket(53)], [.asleep(53, .on(.read, 3), state: "T")]))
    guard case .halted(let thread)? = made.path(10)?.end else {
      Issue.record("not the name server")
      return
    }
    #expect(thread.process.name == "named")
    #expect(Peers(made.file).text(of: question) == "127.0.0.1:53 (named, pid 53)")
  }

  @Test("unix sockets: a silent client, a server, and a queue")
  func unix() {
    func made(_ server: UInt32?) -> MadeObservation {
      var made = MadeObservation()
      var listener = Socket.unix(.unixStream, .listen, inode: 100, path: "/run/x")
      listener.details = SocketDetails(waiting: server == nil ? [2] : [])
      made.file.table.insert(listener)
      made.file.table.insert(.unix(.unixStream, .established, inode: 2, peer: server ?? 0))
      if let server {
        made.file.table.insert(
          .unix(.unixStream, .established, inode: server, peer: 2, path: "/run/x"))
      }
      made.take(
        MadeProcess(
          10, "app", [3: .socket(100), 4: .socket(1)], [.asleep(10, .on(.recvfrom, 4))]))
      made.take(MadeProcess(20, "php", [3: .socket(2)], [.asleep(20, .on(.read, 3))]))
      return made
    }
    guard case .silent(_, let client)? = made(1).path(10)?.end else {
      Issue.record("no silent client")
      return
    }
    #expect(client.process == 20)
    // The client waits for the server, and the server for the client's next words.
    guard case .silent? = made(1).path(20)?.end else {
      Issue.record("the server's end is not where it ends")
      return
    }
    let queued = made(nil).path(20)
    #expect(queued?.links.first?.waitsFor?.text == "the accept queue of /run/x")
  }
}
