"""Networks that lose some packets, and clients that do not read what others wait for."""

import os

import packages
import sockets
import upstream
from case import BEHIND, Case
from place import wait

FILE = """
import http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"x" * (10_000_000 if self.path == "/big" else 10))
    def log_message(self, *words):
        pass
http.server.ThreadingHTTPServer(("10.98.0.1", 8080), Handler).serve_forever()
"""

# Another connection of the same two hosts, on which all goes well.
SMALL = """
import http.client, time
while True:
    made = http.client.HTTPConnection("10.98.0.1", 8080)
    made.request("GET", "/small")
    made.getresponse().read()
    time.sleep(0.3)
"""

# A chat: what one says, all get, under one lock, so that all get it in the same order.
CHAT = """
import socketserver, threading
lock, peers = threading.Lock(), []
class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        with lock:
            peers.append(self.request)
        while text := self.rfile.readline():
            with lock:
                for each in peers:
                    each.sendall(text * 100)
class Server(socketserver.ThreadingTCPServer):
    request_queue_size = 64
    daemon_threads = True
Server(("127.0.0.1", 8080), Handler).serve_forever()
"""

# One client that never reads, one that says much, and some that read and say something later.
TALK = """
import select, socket, sys, threading, time
def opened():
    return socket.create_connection(("127.0.0.1", 8080))
def read(made):
    while made.recv(1 << 20):
        pass
talker, *others = [opened() for _ in range(5)]
for made in (talker, *others):
    threading.Thread(target=read, args=(made,)).start()
for _ in range(300):
    talker.sendall(b"x" * 999 + b"\\n")
time.sleep(2)
for made in others:
    made.sendall(b"hello?\\n")
time.sleep(600)
"""

UPLOADS = """
import socket, time
head = b"POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 100000000\\r\\n\\r\\n"
held = [socket.create_connection(("127.0.0.1", 8080)) for _ in range(6)]
for made in held:
    made.sendall(head)
while True:
    for made in held:
        made.sendall(b"x" * 2000)
    time.sleep(0.3)
"""


class BlackHole(Case):
    """A path that loses what is large: three downloads hang, and small answers come through"""

    name = "path-mtu-black-hole"
    needs = ["nft", "curl"]
    headline = {"path-mtu"}
    allow = {"retransmitting"}

    def set_up(self, place):
        inside = upstream.other_network(place)
        server = upstream.python(place, "server", FILE)
        sockets.until_listening(8080)
        upstream.drop(place, "meta length gt 1300", inside)
        # Segments as the wire sees them, not what the card would cut up later.
        with open("/proc/sys/net/ipv4/tcp_mtu_probing", "w") as probing:
            probing.write("0")
        where = "http://10.98.0.1:8080"
        place.run(*inside, "curl", "-s", "-f", "-m", "5", f"{where}/small")
        small = place.write("small.py", SMALL)
        place.start(*inside, upstream.PYTHON, small)
        for _ in range(3):
            place.start(*inside, "curl", "-s", "-o", os.devnull, f"{where}/big")
        sockets.until_held(8080, 3)
        sockets.until_quiet(8080, 3, 6)
        wait("three that wait", lambda: sum(unsent > 0 for unsent in pending(8080)) == 3)
        self.names = [server.pid, r"10\.98\.0\.2", r"(?i)large|full-size|\bMTU\b"]
        self.never = ["unreachable", "does not read"]


class Filter(Case):
    """nginx before a service of this host whose SYNs a packet filter drops"""

    name = "nginx-syn-filter"
    needs = ["nginx", "nft"]
    headline = {"connect-stuck"}
    allow = BEHIND

    def set_up(self, place):
        upstream.hello(place)
        upstream.drop(place, "tcp dport 9000")
        upstream.nginx(place, "proxy_pass http://127.0.0.1:9000; proxy_connect_timeout 600s;")
        place.clients("get", 8080, 6)
        sockets.until_count("syn-sent", 6)
        sockets.until_quiet(8080, 6)
        self.names = [r"6 requests to 127\.0\.0\.1:8080", r"its accept queue has room", r"nft list"]


class Chat(Case):
    """A chat, a thread per client: one in send to who does not read, the rest at its lock"""

    name = "chat-not-reading"
    headline = {"peer-not-reading"}
    allow = BEHIND | {"output-blocked"}

    def set_up(self, place):
        server = upstream.python(place, "chat", CHAT)
        sockets.until_listening(8080)
        lazy = place.clients("silent", 8080, 1)
        sockets.until_held(8080, 1)
        upstream.python(place, "talk", TALK)
        upstream.until_asleep(server.pid, "sendto")
        upstream.until_asleep(server.pid, "futex", 4)
        sockets.until_quiet(8080, 6, 4)
        self.mentions = [8080]
        self.names = [server.pid, lazy.pid]


class Uploads(Case):
    """nginx before a service: six uploads that come bit by bit for minutes"""

    name = "healthy-slow-uploads"
    sick = False
    needs = ["nginx"]

    def set_up(self, place):
        upstream.hello(place)
        upstream.nginx(place, "client_max_body_size 1g; proxy_pass http://127.0.0.1:9000;")
        upstream.python(place, "uploads", UPLOADS)
        sockets.until_held(8080, 6)
        wait("six that come", lambda: sum(each < 1000 for each in sockets.received(8080)) == 6)


def pending(port):
    """The unacknowledged bytes of each connection of a port."""
    return [int(row[2]) for row in sockets.rows("-tn", f"sport = :{port}")]
