import Foundation
import Testing

extension DemosEndToEnd {
  /// Sandboxes, pid namespaces, threads with tables of their own: what was not read is told, and
  /// what is told is true. Each in namespaces of its own.
  @Suite(
    "Strange places",
    .enabled(
      if: Tool.isRoot && Tool.has("unshare", "ip", "python3"), "needs root, unshare, ip and python3"
    ))
  struct StrangePlaces {
    /// `crippled(SYSCALL, ERRNO, WORDS)`: runs a program to which the kernel refuses a system call.
    private static let helpers = #"""
      import ctypes, errno, json, os, socket, struct, subprocess, sys, threading
      libc = ctypes.CDLL(None, use_errno=True)
      def crippled(number, error, *words):
          def refuse():
              code = b"".join(struct.pack("HBBI", *line) for line in (
                  (0x20, 0, 0, 0), (0x15, 0, 1, number), (0x06, 0, 0, 0x50000 | error),
                  (0x06, 0, 0, 0x7FFF0000)))
              buffer = ctypes.create_string_buffer(code)
              program = struct.pack("HxxxxxxQ", 4, ctypes.addressof(buffer))
              libc.prctl(38, 1, 0, 0, 0)
              if libc.prctl(22, 2, program): os._exit(99)
          return run(*words, preexec_fn=refuse)
      def run(*words, **more):
          done = subprocess.run([tool, *words], capture_output=True, text=True, timeout=60, **more)
          return done.returncode, done.stdout, done.stderr
      def listener(backlog=5):
          found = socket.create_server(("127.0.0.1", 0), backlog=backlog)
          return found, found.getsockname()[1]
      tool = sys.argv[1]
      """#

    /// Runs Python in network, pid and mount namespaces of its own; every line that it prints must
    /// be true.
    private func inside(_ script: String) throws -> Outcome {
      let isolated = [
        "unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc",
      ]
      let start = "ip link set lo up && exec python3 -c \"$1\" \"$2\""
      return try Program(
        words: isolated
          + ["sh", "-c", start, "sh", "\(Self.helpers)\n\(script)", Product.sockinspect]
      ).run()
    }

    private func expectTrue(_ script: String) throws {
      let ours = try inside(script)
      #expect(ours.status == 0, "\(ours)")
      let lines = ours.text.split(separator: "\n")
      #expect(!lines.isEmpty, "\(ours)")
      for line in lines { #expect(line.hasSuffix(" True"), "\(line)\n\(ours)") }
    }

    private static let sendto = 44

    @Test("whatever sock_diag answers, /proc is read, and a queue that does not move is told")
    func refused() throws {
      try expectTrue(
        """
        server, port = listener(0)
        client = socket.create_connection(("127.0.0.1", port))
        for name in ("EACCES", "ECONNREFUSED", "ENOSYS", "ENOBUFS", "EPROTO"):
            status, text, notes = crippled(\(Self.sendto), getattr(errno, name), "-tl", "--json")
            print(name, "rows", len(json.loads(text)["sockets"]) == 1)
            print(name, "reason", "sock_diag says" in notes and "run as root" not in notes)
        status, text, notes = crippled(\(Self.sendto), errno.ENOBUFS, "diagnose", "--brief")
        print("diagnose", status == 1 and "Nothing is accepted at" in text)
        """)
    }

    @Test("a diagnosis that could read no table is no all-clear")
    func nothingRead() throws {
      try expectTrue(
        """
        subprocess.run("mount -t tmpfs none /proc && mkdir -p /proc/self", shell=True, check=True)
        status, text, notes = crippled(\(Self.sendto), errno.ENOSYS, "diagnose")
        print("status", status == 3)
        print("verdict", not text.startswith("OK") and "Nothing wrong" not in text)
        """)
    }

    @Test("what waits at a unix listener is counted in /proc, and never called well")
    func unixQueue() throws {
      try expectTrue(
        """
        path = f"/tmp/strange-{os.getpid()}-{os.stat('/proc/self/ns/net').st_ino}.sock"
        server = socket.socket(socket.AF_UNIX); server.bind(path); server.listen(8)
        clients = [socket.socket(socket.AF_UNIX) for _ in range(3)]
        for client in clients: client.connect(path)
        refused = (\(Self.sendto), errno.EPERM)
        rows = json.loads(crippled(*refused, "-xl", "--json")[1])["sockets"]
        print("row", [row["recv_q"] for row in rows if row.get("path") == path] == [3])
        status, text, notes = crippled(*refused, "diagnose", path)
        print("diagnose", status == 3 and text.startswith("UNKNOWN   3 connections wait"))
        os.unlink(path)
        """)
    }

    @Test("a port that is bound and nothing else is found by each way that promises it")
    func boundInactive() throws {
      try expectTrue(
        """
        bound = socket.socket(); bound.bind(("127.0.0.1", 0)); port = bound.getsockname()[1]
        six = socket.socket(socket.AF_INET6); six.bind(("::", 0)); port6 = six.getsockname()[1]
        if f":{port}" not in run("-BHn")[1]: print("this kernel does not tell: True"); sys.exit()
        for words in (["-B"], ["-ta", "state", "bound-inactive"], [f":{port}"],
                      [f"127.0.0.1:{port}"], [f"pid:{os.getpid()}"]):
            print(words, f"127.0.0.1:{port} " in run("-Hn", *words)[1])
        for words in (["-B6"], [f"[::1]:{port6}"]):
            print(words, f":{port6} " in run("-Hn", *words)[1])
        print("not without being asked", f":{port} " not in run("-tanH")[1])
        print("diagnose", "has bound the port but does not listen" in run("diagnose", f":{port}")[1])
        """)
    }

    @Test("an owner in another pid namespace is told as missing, and why")
    func pidNamespace() throws {
      try expectTrue(
        """
        server, port = listener()
        alone = ["unshare", "--pid", "--fork", "--mount", "--mount-proc", tool]
        def look(*words):
            done = subprocess.run(alone + list(words), capture_output=True, text=True, timeout=60)
            return done.returncode, done.stdout, done.stderr
        gaps = json.loads(look("-tl", "--json")[1])["incomplete"]
        print("told", [gap["kind"] for gap in gaps] == ["owners"])
        print("why", "pid namespace" in gaps[0]["reason"])
        print("strict", look("-tlp", "--strict")[0] == 3 and look("-tl", "--strict")[0] == 0)
        print("listen", "pid namespace" in look("listen")[2])
        """)
    }

    @Test("what only a thread holds belongs to its process")
    func threads() throws {
      try expectTrue(
        """
        found, go = [], threading.Event()
        def alone():
            if libc.unshare(0x400) == 0: found.append(listener())
            go.set(); threading.Event().wait()
        threading.Thread(target=alone, daemon=True).start(); go.wait()
        port = found[0][1]
        document = json.loads(run("-tl", "--json")[1])
        owners = document["sockets"][0]["owners"]
        print("owner", [owner["pid"] for owner in owners] == [os.getpid()])
        print("complete", document["incomplete"] == [])
        print("by pid", f":{port} " in run("-Hn", f"pid:{os.getpid()}")[1])
        print("listen", "python3" in run("listen")[1])
        sys.stdout.flush(); os._exit(0)
        """)
    }

    @Test("no note where all rows have their owners, and none in an empty table")
    func noNote() throws {
      try expectTrue(
        """
        server, port = listener()
        client = socket.create_connection(("127.0.0.1", port)); accepted = server.accept()
        for words in (["-tanp"], ["-uanp"], ["listen"], ["diagnose"], ["-tlj"]):
            status, text, notes = run(*words)
            print(words, notes == "" and "Not seen" not in text)
        """)
    }
  }
}
