import Foundation
import Testing

/// Servers and clients in a network namespace of their own, made by a Python program, so that the
/// tool is not judged by code of its own kind.
final class ListenScene {
  let facts: Facts
  let folder: TemporaryFolder
  private let process: ChildProcess
  /// Its closing ends the scene.
  private let input: OpenFile

  /// What the program says once everything stands.
  struct Facts: Decodable {
    var pid: Int32
    var path: String?
    /// Of the first client, on the clock that never jumps, in seconds.
    var firstClient: Double?
    var blocked: Int32?
    var stopped: Int32?
    /// How many unix stream listeners there are.
    var count: Int?
  }

  struct NotReady: Error { var said: String }

  static let isPossible: Bool = {
    guard Tool.isRoot, Tool.has("python3", "unshare", "nsenter", "ip") else { return false }
    return (try? Program(words: ["unshare", "-n", "true"]).run().status) == 0
  }()
  static let reason: Comment = "needs root, python3, ip, nsenter and unshare"

  init(_ scene: String) throws {
    folder = try TemporaryFolder()
    let script = "\(folder.path)/scene.py"
    try Self.program.write(toFile: script, atomically: false, encoding: .utf8)
    let (inputEnd, input) = try OpenFile.pipe()
    let (output, outputEnd) = try OpenFile.pipe()
    let errors = try OpenFile.temporary()
    self.input = input
    process = try ChildProcess(
      ["unshare", "-n", Tool.find("python3"), script, scene, folder.path],
      input: inputEnd.number, output: outputEnd.number, errors: errors.number)
    var line: [UInt8] = []
    while line.last != UInt8(ascii: "\n"), let piece = output.piece() { line += piece }
    guard let facts = try? JSONDecoder().decode(Facts.self, from: Data(line)) else {
      throw NotReady(said: String(decoding: line + errors.contents(), as: UTF8.self))
    }
    self.facts = facts
  }

  deinit { process.end() }

  /// Runs a command in the scene's namespace.
  func run(_ words: [String], as user: User = .ourselves) throws -> Outcome {
    try Program(words: ["nsenter", "-t", "\(facts.pid)", "-n"] + user.prefix + words).run()
  }

  func listen(_ arguments: [String], as user: User = .ourselves) throws -> Outcome {
    let program =
      user == .nobody ? try folder.copy(of: Product.sockinspect) : Product.sockinspect
    return try run([program, "listen"] + arguments, as: user)
  }

  /// The listeners of `listen --json`.
  func listeners(
    _ arguments: [String] = [], as user: User = .ourselves
  ) throws -> [[String: Any]] {
    let outcome = try listen(["--json"] + arguments, as: user)
    try #require(outcome.status == 0, "\(outcome)")
    return try #require(try object(outcome.output)["listeners"] as? [[String: Any]])
  }

  /// Drops of the listener at a port as ss tells them.
  func dropsBySS(_ port: Int) throws -> Int? {
    let outcome = try run(["ss", "-Hltnm", "sport", "=", ":\(port)"])
    return outcome.text.firstMatch(of: /,d([0-9]+)\)/).flatMap { Int($0.1) }
  }

  /// `ListenDrops` of the namespace.
  func listenDrops() throws -> Int? {
    let lines = try run(["cat", "/proc/net/netstat"]).text.split(separator: "\n")
      .filter { $0.hasPrefix("TcpExt:") }.map { $0.split(separator: " ") }
    guard lines.count == 2, let place = lines[0].firstIndex(of: "ListenDrops") else { return nil }
    return Int(lines[1][place])
  }

  /// Looks with the tool while something else says the same before and after, since clients
  /// retry whenever they like.
  func whileStill<Seen: Equatable, Look>(
    _ seen: () throws -> Seen, _ look: () throws -> Look
  ) throws -> (Seen, Look) {
    for _ in 0..<50 {
      let before = try seen()
      let found = try look()
      if try seen() == before { return (before, found) }
    }
    throw NotReady(said: "nothing ever stands still")
  }

  /// Steps of the program: it never accepts unless the scene says so.
  private static let program = """
    import json, os, signal, socket, subprocess, sys, time

    def listener(port, backlog, *options):
        server = socket.socket()
        for option in options: server.setsockopt(socket.SOL_SOCKET, option, 1)
        server.bind(("127.0.0.1", port)); server.listen(backlog)
        return server

    def client(port):
        end = socket.socket(); end.setblocking(False)
        try: end.connect(("127.0.0.1", port))
        except BlockingIOError: pass
        return end

    def wait_for(holds):
        end = time.monotonic() + 10
        while not holds():
            if time.monotonic() > end: sys.exit("it never came to stand")
            time.sleep(0.005)

    def tcp_rows(): return [line.split() for line in open("/proc/net/tcp")][1:]
    def rows(port, state):
        name = f"0100007F:{port:04X}"
        return [row for row in tcp_rows() if row[1] == name and row[3] == state]

    def clogged():
        keep.append(listener(9000, 5)); keep.append(listener(9001, 100))
        first = time.monotonic()
        clients = []
        for number in range(12):
            clients.append(client(9000)); time.sleep(0.05)
            if number < 3: clients[number].send(b"hello world")
        for number in (1, 2): clients[number].close()
        keep.extend(clients)
        wait_for(lambda: len(rows(9000, "08")) == 2)
        return {"firstClient": first}

    def dropping():
        keep.append(listener(9000, 1)); keep.append(listener(9001, 50))
        keep.extend(client(9000) for _ in range(6)); keep.extend(client(9001) for _ in range(6))
        wait_for(lambda: len(rows(9001, "01")) == 6)
        return {}

    def unix():
        path = folder + "/server.sock"
        server = socket.socket(socket.AF_UNIX); server.bind(path); server.listen(2)
        keep.append(server)
        for _ in range(3):
            end = socket.socket(socket.AF_UNIX); end.connect(path); keep.append(end)
        child = os.fork()
        if child == 0:
            try: socket.socket(socket.AF_UNIX).connect(path)
            finally: os._exit(0)
        wait_for(lambda: open(f"/proc/{child}/wchan").read() == "unix_wait_for_peer")
        return {"blocked": child, "path": path}

    def shards():
        servers = [listener(9000, 4, socket.SO_REUSEPORT) for _ in range(4)]
        children = []
        for server in servers:
            child = os.fork()
            if child == 0:
                for other in servers:
                    if other is not server: other.close()
                held = []
                while True: held.append(server.accept())
            children.append(child)
        for server in servers: server.close()
        os.kill(children[2], signal.SIGSTOP)
        wait_for(lambda: "T" in open(f"/proc/{children[2]}/stat").read().rsplit(")", 1)[1].split()[0])
        keep.extend(client(9000) for _ in range(80))
        # rx_queue of the listeners: the stopped one holds backlog + 1, the others nothing.
        queue = lambda: sorted(int(row[4].split(":")[1], 16) for row in rows(9000, "0A"))
        # Clients that came too fast for the others try again after a second.
        held = lambda: [row for row in rows(9000, "01") if row[9] != "0"]
        wait_for(lambda: queue() == [0, 0, 0, 5] and len(held()) >= 20)
        return {"stopped": children[2]}

    def hostile():
        names = [b"quote\\"back\\\\slash\\nline", b"esc\\x1b[31m", b"\\xff\\xfelatin", b"\\xfd\\xfclatin",
                 "bidi\\u202e\\u2028".encode(), b"brace} 1\\n# EOF\\n", b"same", b"same", b" \\t\\r"]
        paths = [folder.encode() + b"/" + name for name in names] + [b"\\0abstract\\0zero"]
        for path in paths:
            server = socket.socket(socket.AF_UNIX); keep.append(server)
            if os.path.exists(path) if path[0] else False: os.unlink(path)
            server.bind(path); server.listen(2)
        for _ in range(2):
            receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); keep.append(receiver)
            receiver.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            receiver.bind(("127.0.0.1", 9000))
        return {"count": len(paths)}

    keep = []
    folder = sys.argv[2]
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    facts = {"pid": os.getpid()}
    facts.update({"clogged": clogged, "dropping": dropping, "unix": unix, "shards": shards,
        "hostile": hostile}[sys.argv[1]]())
    print(json.dumps(facts), flush=True)
    sys.stdin.read()
    """
}
