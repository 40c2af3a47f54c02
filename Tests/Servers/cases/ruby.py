"""Ruby: puma and unicorn, whose handlers call others with Net::HTTP."""

import look
import packages
import sockets
import upstream
from case import BEHIND, QUEUE, Case
from place import wait

# Ruby's own time-out is 60 s; nil waits for ever.
CALLS = """
require 'net/http'
run(lambda do |env|
  http = Net::HTTP.new('127.0.0.1', 9000)
  http.read_timeout = nil
  answer = http.get(env['PATH_INFO'])
  [200, {'content-type' => 'text/plain'}, [answer.body]]
end)
"""

LOGS = """
run(lambda do |env|
  $stderr.write('x' * 3000 + "\\n")
  [200, {'content-type' => 'text/plain'}, ['hello']]
end)
"""

UNICORN = """
listen '{folder}/unicorn.sock', backlog: 16
worker_processes 2
timeout 3600
"""

LEAK = """
require 'socket'
listener = TCPServer.new('127.0.0.1', 8080)
kept = []
loop do
  client = listener.accept
  client.readpartial(1000)
  client.write("HTTP/1.0 200 OK\\r\\n\\r\\n")
  kept << client
end
"""


def puma(place, text, threads):
    config = place.write("config.ru", text)
    return place.start(
        packages.path("puma"),
        *["-b", "tcp://127.0.0.1:8080?backlog=64", "-t", f"{threads}:{threads}", "-e", "none"],
        config,
    )


class PumaUpstream(Case):
    """puma: all three threads in Net::HTTP on an upstream that reads and does not answer"""

    name = "puma-upstream"
    needs = ["puma", "curl"]
    headline = {"waits-upstream", "workers-exhausted", "request-unanswered"}
    allow = BEHIND

    def set_up(self, place):
        bank = upstream.silent(place)
        server = puma(place, CALLS, 3)
        sockets.until_listening(8080)
        place.clients("get", 8080, 9, "/rates")
        sockets.until_held(9000, 3)
        sockets.until_quiet(9000, 3)
        self.names = [server.pid, bank.pid, r":9000\b"]


class UnicornStopped(Case):
    """nginx, unicorn at a unix socket, both workers in Net::HTTP on a service that is stopped"""

    name = "unicorn-stopped"
    needs = ["unicorn", "nginx", "curl"]
    headline = {"process-stopped"}
    allow = BEHIND

    def set_up(self, place):
        service = upstream.hello(place)
        config = place.write("unicorn.rb", UNICORN.format(folder=place.folder))
        app = place.write("config.ru", CALLS)
        master = place.start(packages.path("unicorn"), "-E", "none", "-c", config, app)
        socket = place.path("unicorn.sock")
        sockets.until_listening(socket)
        upstream.nginx(place, f"proxy_pass http://unix:{socket};")
        upstream.curl(place)
        upstream.stop(service)
        place.clients("get", 8080, 5)
        # The workers have two; the others wait in the queue of the socket.
        sockets.until_queued(socket, 3)
        sockets.until_quiet(8080, 5)
        workers = upstream.children(master.pid)
        self.mentions = [8080]
        self.names = [service.pid, r":9000\b", "|".join(rf"\b{each}\b" for each in workers)]


class PumaLog(Case):
    """puma: its log is a pipe to a collector that is stopped; all threads in write"""

    name = "puma-log-stopped"
    needs = ["puma"]
    headline = {"process-stopped", "output-blocked"}
    allow = BEHIND | {"output-blocked"}

    def set_up(self, place):
        config = place.write("config.ru", LOGS)
        bind = "-b tcp://127.0.0.1:8080?backlog=64 -t 4:4 -e none"
        line = f"{packages.path('puma')} {bind} {config} 2>&1 | exec cat > {place.path('out')}"
        shell = place.start("sh", "-c", line)
        sockets.until_listening(8080)
        collector = wait("the collector", lambda: child(shell.pid, "cat"))
        server = child(shell.pid, "puma") or child(shell.pid, "ruby")
        upstream.stop(Pid(collector))
        place.clients("burst", 8080, 12)
        upstream.until_asleep(server, "pipe_write", 4)
        place.clients("get", 8080, 6)
        sockets.until_quiet(8080, 6)
        self.names = [server, collector]


class Leak(Case):
    """Ruby: a server that answers and never closes what its clients have closed"""

    name = "ruby-close-wait"
    needs = ["ruby"]
    headline = {"close-wait-leak"}
    allow = QUEUE

    def set_up(self, place):
        server = place.start(packages.path("ruby"), place.write("leak.rb", LEAK))
        sockets.until_listening(8080)
        place.clients("served", 8080, 250)
        wait("250 in CLOSE-WAIT", lambda: sockets.count("close-wait") >= 250)
        sockets.until_quiet(8080, 250, 4)
        self.names = [server.pid, r":8080\b"]


class PumaSlow(Case):
    """puma: both threads in requests that take long, each with a service that sends bit by bit"""

    name = "healthy-puma-slow"
    sick = False
    needs = ["puma"]

    SERVICE = """
import http.server, time
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        while True:
            self.wfile.write(b"row\\n")
            self.wfile.flush()
            time.sleep(0.4)
http.server.ThreadingHTTPServer(("127.0.0.1", 9000), Handler).serve_forever()
"""

    def set_up(self, place):
        upstream.python(place, "service", self.SERVICE)
        sockets.until_listening(9000)
        puma(place, CALLS, 2)
        sockets.until_listening(8080)
        place.clients("get", 8080, 2, "/export")
        sockets.until_held(9000, 2)
        sockets.until_quiet(8080, 2)


class Pid:
    """A process that the case has not started itself."""

    def __init__(self, pid):
        self.pid = pid


def child(parent, word):
    return next(
        (
            pid
            for pid in upstream.children(parent)
            if word in look.read(f"/proc/{pid}/comm") + look.read(f"/proc/{pid}/cmdline")
        ),
        None,
    )
