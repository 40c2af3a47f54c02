import Foundation
import Testing

extension DiagnosesEndToEnd {
  @Suite("Hostile names in a diagnosis", .enabled(if: Tool.has("python3"), "needs python3"))
  struct DiagnoseHostileNames {
    /// A server that serves one silent client, and whose names are escapes: its command and the
    /// path of its unix socket.
    private static let server = """
      import os, socket, sys, time
      name = b'\\x1b[31m\\n"\\'|`\\xe2\\x80\\xae'
      with open("/proc/self/comm", "wb", buffering=0) as comm: comm.write(name)
      tcp = socket.create_server(("127.0.0.1", 0), backlog=1)
      unix = socket.socket(socket.AF_UNIX)
      place = os.fsencode(sys.argv[1]) + b"/" + name + b"\\xff.sock"
      unix.bind(place)
      unix.listen(0)
      waiting = []
      def client(family, place):
          waiting.append(socket.socket(family))
          waiting[-1].setblocking(False)
          waiting[-1].connect_ex(place)
      for _ in range(4): client(socket.AF_INET, tcp.getsockname())
      for _ in range(1): client(socket.AF_UNIX, place)
      first = tcp.accept()[0]
      print(os.getpid(), flush=True)
      first.recv(1)
      """

    @Test("no control, escape or bidirectional byte comes out, and JSON stays JSON")
    func safe() throws {
      let folder = try TemporaryFolder()
      let (output, outputEnd) = try OpenFile.pipe()
      let errors = try OpenFile.temporary()
      let process = try ChildProcess(
        ["python3", "-c", Self.server, folder.path], output: outputEnd.number,
        errors: errors.number)
      defer { process.end() }
      let line = String(decoding: output.piece() ?? [], as: UTF8.self)
      let pid = try #require(Int32(line.split(separator: "\n").first ?? ""), "\(line)")
      for words in [[], ["--evidence", "--all"], ["--format", "markdown"], ["--json"]] {
        let ours = try Program(
          words: [Product.sockinspect, "diagnose", "pid:\(pid)"] + words
        ).run()
        #expect(ours.status == 2, "\(ours)")
        #expect(dangers(in: ours.output).isEmpty && dangers(in: ours.errors).isEmpty, "\(ours)")
        #expect(!ours.output.contains(0x1B), "\(ours)")
        if words == ["--json"] { _ = try object(ours.output) }
      }
    }
  }
}
