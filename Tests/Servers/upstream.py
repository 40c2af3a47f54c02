"""What many cases stand on: small programs, upstreams that do not answer, and other networks."""

import os
import signal

import look
import packages
import sockets
from place import PYTHON, wait

# Accepts, reads, and never answers; its only thread sits in accept.
SILENT = """
import socket
listener = socket.create_server(("{address}", {port}), backlog=100)
kept = []
while True:
    client, _ = listener.accept()
    client.recv(9000)
    kept.append(client)
"""

# Answers at once, in one thread per connection, until it is stopped.
HELLO = """
import http.server
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")
    def log_message(self, *words):
        pass
class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128
Server(("{address}", {port}), Handler).serve_forever()
"""

NGINX = """
worker_processes {workers};
daemon off;
user www-data;
pid {folder}/nginx.pid;
error_log stderr;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  keepalive_requests 1000000;
  keepalive_timeout 600s;
  proxy_read_timeout 3600s;
  proxy_connect_timeout 600s;
  proxy_http_version 1.1;
  fastcgi_read_timeout 3600s;
  server {{
    listen 127.0.0.1:8080 {listen};
    location / {{ {does} }}
  }}
}}
"""


def python(place, name, text, *words, user=None):
    return place.start(PYTHON, place.write(f"{name}.py", text), *words, user=user)


def silent(place, port=9000):
    made = python(place, f"silent{port}", SILENT.format(address="127.0.0.1", port=port))
    sockets.until_listening(port)
    return made


def hello(place, port=9000, name="service"):
    made = python(place, name, HELLO.format(address="127.0.0.1", port=port))
    sockets.until_listening(port)
    return made


def stop(process):
    """Stops it as Ctrl-Z or a debugger does; it comes to its end with the case all the same."""
    os.kill(process.pid, signal.SIGSTOP)
    wait("the stop", lambda: " T " in look.thread(process.pid, process.pid))


def nginx(place, does, listen="", workers=1):
    """nginx at port 8080, with this in its only location and behind its address in `listen`."""
    text = NGINX.format(folder=place.folder, does=does, listen=listen, workers=workers)
    master = place.start(packages.path("nginx"), "-c", place.write("nginx.conf", text))
    sockets.until_listening(8080)
    return master


def gunicorn(place, text, *options, port=8080, name="app"):
    """A gunicorn with this application, whose workers are not killed for being slow."""
    place.write(f"{name}.py", text)
    bind = ["--bind", f"127.0.0.1:{port}", "--timeout", 0]
    master = place.start("/usr/bin/gunicorn", *bind, *options, f"{name}:application")
    sockets.until_listening(port)
    wait("its workers", lambda: children(master.pid))
    return master


def curl(place, port=8080, path="/"):
    """One whole exchange, so that what comes later is not the first."""
    return place.run("curl", "-s", "-f", "-m", "20", f"http://127.0.0.1:{port}{path}")


def children(pid):
    tasks = sorted(os.listdir(f"/proc/{pid}/task"))
    lists = [look.read(f"/proc/{pid}/task/{task}/children") for task in tasks]
    return [int(each) for each in " ".join(lists).split() if each.isdigit()]


def descendants(pid):
    return [pid] + [one for each in children(pid) for one in descendants(each)]


def until_asleep(pid, word, least=1):
    """Until so many threads of a process are in a call or kernel function with this name."""

    def number():
        return sum(
            word in look.thread(pid, tid) for tid in os.listdir(f"/proc/{pid}/task")
        )

    wait(f"{least} threads of {pid} in {word}", lambda: number() >= least)


# Ends a server's script: a thread for each client of port 8080, and room for many.
THREADED = """
class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 50
Server(("127.0.0.1", 8080), Handler).serve_forever()
"""


def drop(place, rule, inside=()):
    """A packet filter drops what comes in and fits this rule."""
    for words in (
        "add table inet f",
        "add chain inet f i { type filter hook input priority 0; }",
        f"add rule inet f i {rule} drop",
    ):
        place.run(*inside, packages.path("nft"), words)


def other_network(place, address="10.98.0.2"):
    """A network namespace of its own behind a veth pair; gives the words that run things in it."""
    helper = place.start("unshare", "-n", "sleep", "600")
    mine = os.readlink("/proc/self/ns/net")
    wait("the namespace", lambda: look.link(f"/proc/{helper.pid}/ns/net") not in (mine, "?"))
    inside = ["nsenter", "-t", str(helper.pid), "-n"]
    pair = f"ip link add e0 type veth peer name e1 netns {helper.pid}"
    for words in (pair, "ip addr add 10.98.0.1/24 dev e0", "ip link set e0 up"):
        place.run(*words.split())
    for words in (f"ip addr add {address}/24 dev e1", "ip link set e1 up", "ip link set lo up"):
        place.run(*inside, *words.split())
    return inside
