"""Clients and servers that forget their sockets."""

import resource

import sockets
from case import QUEUE, Case
from place import PYTHON, wait

# As a pool of an HTTP library does that is never told to close.
LEAKING = """
import http.client, time
kept = []
for _ in range(COUNT):
    connection = http.client.HTTPConnection("127.0.0.1", 8080)
    connection.request("GET", "/")
    connection.getresponse().read()
    kept.append(connection)
time.sleep(600)
"""

SERVER = """
import http.server
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 1
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")
class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128
Server(("127.0.0.1", 8080), Handler).serve_forever()
"""

RESOLVER = """
import socket, time
made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
made.bind(("127.0.0.1", 5353))
time.sleep(600)
"""


class CloseWait(Case):
    """A Python client that keeps 300 connections which its server has long closed"""

    name = "python-close-wait"
    headline = {"close-wait-leak"}
    allow = {"receive-stuck"}

    def set_up(self, place):
        place.start(PYTHON, place.write("server.py", SERVER))
        sockets.until_listening(8080)
        text = LEAKING.replace("COUNT", "300")
        client = place.start(PYTHON, place.write("client.py", text))
        wait("300 in CLOSE-WAIT", lambda: sockets.count("close-wait") >= 300)
        self.mentions = [client.pid]


class ServerLeak(Case):
    """A server that keeps what its clients have closed, up to its limit of descriptors"""

    name = "python-server-leak"
    headline = {"close-wait-leak"}
    allow = QUEUE | {"descriptors-exhausted", "receive-stuck"}

    LEAK = """
import socket, time
listener = socket.create_server(("127.0.0.1", 8080), backlog=128)
kept = []
while True:
    client, _ = listener.accept()
    client.recv(1000)
    kept.append(client)
"""

    def set_up(self, place):
        resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 1024))
        server = place.start(PYTHON, place.write("server.py", self.LEAK))
        sockets.until_listening(8080)
        place.clients("leaving", 8080, 400)
        wait("400 in CLOSE-WAIT", lambda: sockets.count("close-wait") >= 400)
        self.mentions = [8080, server.pid]


class Unread(Case):
    """A UDP server, DNS-like, that does not read while datagrams keep coming"""

    name = "udp-not-reading"
    headline = {"udp-drops"}
    allow = {"receive-stuck"}

    def set_up(self, place):
        server = place.start(PYTHON, place.write("resolver.py", RESOLVER))
        wait("the resolver", lambda: sockets.rows("-uan", "sport = :5353"))
        place.clients("datagrams", 5353, 20)
        wait(
            "a full buffer",
            lambda: any(int(row[1]) > 100_000 for row in sockets.rows("-uan", "sport = :5353")),
        )
        self.mentions = [5353, server.pid]
