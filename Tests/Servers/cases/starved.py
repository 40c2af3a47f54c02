"""Servers that would run if they could: a collector, a quota or a debugger has their time."""

import os

import look
import packages
import sockets
from case import BEHIND, QUEUE, Case
from place import NotHere, wait

# A map that all but fills the heap, and garbage beside it.
SHOP = """
import com.sun.net.httpserver.*; import java.net.*; import java.util.*; import java.util.concurrent.*;
public class Shop {
  public static void main(String[] words) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 8080), 50);
    server.setExecutor(Executors.newFixedThreadPool(4));
    server.createContext("/", exchange -> {
      Map<String, String> kept = new HashMap<>();
      for (int n = 0; n < 100000000; n++) {
        kept.put("k" + n, "v" + n);
        if (kept.size() > 160000) kept.remove("k" + (n - 160000));
      }
      exchange.sendResponseHeaders(200, -1);
      exchange.close();
    });
    server.start();
  }
}
"""

GARBAGE = """
import com.sun.net.httpserver.*; import java.net.*; import java.util.concurrent.*;
public class Garbage {
  public static void main(String[] words) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 8080), 50);
    server.setExecutor(Executors.newFixedThreadPool(8));
    server.createContext("/", exchange -> {
      long end = System.currentTimeMillis() + 300, made = 0;
      while (System.currentTimeMillis() < end) made += new byte[100000].length;
      byte[] text = ("" + made).getBytes();
      exchange.sendResponseHeaders(200, text.length);
      exchange.getResponseBody().write(text);
      exchange.close();
    });
    server.start();
  }
}
"""

SPIN = """
require("http").createServer((request, answer) => {
  let sum = 0;
  for (let n = 0; n < 3e8; n++) sum += n;
  answer.end("" + sum);
}).listen(8080, "127.0.0.1", 511);
"""

APP = """
def app(environ, start_response):
    start_response("200 OK", [])
    return [b"hello"]
"""


def java(place, name, text, memory):
    place.run(packages.path("javac"), "-d", place.folder, place.write(f"{name}.java", text))
    words = [f"-Xmx{memory}m", "-XX:+UseParallelGC", "-XX:-UseGCOverheadLimit"]
    server = place.start("java", *words, "-cp", place.folder, name)
    sockets.until_listening(8080)
    return server


class Collector(Case):
    """Java whose heap is all but full: the collector computes, and the handlers wait for it"""

    name = "java-collector"
    needs = ["javac"]
    headline = {"request-unanswered", "workers-exhausted"}
    allow = BEHIND
    never = [r"wait for one lock", r"does not read$"]

    def set_up(self, place):
        server = java(place, "Shop", SHOP, 64)
        place.clients("get", 8080, 12)
        sockets.until_quiet(8080, 4)
        self.names = [server.pid, r"comput"]


class Garbage(Case):
    """Java that makes much garbage under load, and answers"""

    name = "healthy-java-garbage"
    sick = False
    needs = ["javac", "ab"]

    def set_up(self, place):
        java(place, "Garbage", GARBAGE, 128)
        place.start("ab", "-k", "-c", "6", "-t", "120", "-n", "100000", "http://127.0.0.1:8080/")
        sockets.until_held(8080, 6)


class Quota(Case):
    """Node in a control group with a CPU quota of two per cent"""

    name = "node-cpu-quota"
    needs = ["node"]
    headline = {"event-loop-blocked", "overloaded"}
    allow = BEHIND

    def set_up(self, place):
        server = place.start("node", place.write("app.js", SPIN))
        sockets.until_listening(8080)
        group = place.empty_group(self.group(os.path.basename(os.path.dirname(place.folder))))
        self.limit(group)
        with open(os.path.join(group, "cgroup.procs"), "w") as file:
            file.write(str(server.pid))
        for each in range(3):
            place.clients("get", 8080, 10)
            sockets.until_held(8080, each + 1)
        sockets.until_queued(8080, 10)
        self.names = [server.pid, r"quota", r"2 ms in each 100 ms"]

    def group(self, name):
        """Below the hierarchy that has the quotas, of either version."""
        for line in look.read("/proc/mounts").splitlines():
            _, place, kind, options = line.split()[:4]
            controllers = look.read(f"{place}/cgroup.controllers") if kind == "cgroup2" else options
            if kind in ("cgroup", "cgroup2") and "cpu" in controllers.replace(",", " ").split():
                return os.path.join(place, name)
        raise NotHere("no control groups with CPU quotas")

    def limit(self, group):
        for name, text in [("cpu.max", "2000 100000"), ("cpu.cfs_quota_us", "2000")]:
            if os.path.exists(os.path.join(group, name)):
                with open(os.path.join(group, name), "w") as file:
                    file.write(text)
                return
        raise NotHere("the control group takes no CPU quota")


class Traced(Case):
    """gunicorn whose only worker a debugger has stopped; its master has the listener open as well"""

    name = "gunicorn-traced"
    needs = ["gunicorn", "gdb"]
    headline = {"process-stopped"}
    allow = QUEUE | {"receive-stuck"}
    never = [r"take over its share"]

    def set_up(self, place):
        place.write("app.py", APP)
        server = place.start(
            "gunicorn", "-w", "1", "-b", "127.0.0.1:8080", "--timeout", "0", "app:app"
        )
        sockets.until_listening(8080)
        path = f"/proc/{server.pid}/task/{server.pid}/children"
        worker = int(wait("a worker", lambda: look.read(path).split())[0])
        debugger = place.start("gdb", "-q", "-p", worker, say="echo attached\\n\n")
        wait("the debugger", lambda: "State:\tt" in look.read(f"/proc/{worker}/status"))
        place.clients("get", 8080, 4)
        sockets.until_queued(8080, 4)
        self.names = [worker, debugger.pid, r"CRITICAL", r"debugger"]
