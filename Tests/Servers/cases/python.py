"""Servers of Python's own library: a serial one, an event loop, threads."""

import look
import sockets
from case import QUEUE, Case
from place import PYTHON, wait

SERIAL = """
import http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"x" * 100_000_000)
class Server(http.server.HTTPServer):
    request_queue_size = 5
Server(("127.0.0.1", 8080), Handler).serve_forever()
"""

LOGGING = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        print("x" * 4000, flush=True)
        self.send_response(200)
        self.end_headers()
class Server(http.server.HTTPServer):
    request_queue_size = 5
Server(("127.0.0.1", 8080), Handler).serve_forever()
"""

LOOP = """
import asyncio, time
async def serve(reader, writer):
    line = await reader.readline()
    if b"/sleep" in line:
        time.sleep(600)
    writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhello")
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 8080, backlog=5)
    await server.serve_forever()
asyncio.run(main())
"""

# Every thread accepts for itself; the first takes the locks in one order, the second in the other.
DEADLOCK = """
import socket, threading, time
listener = socket.create_server(("127.0.0.1", 8080), backlog=5)
locks = [threading.Lock(), threading.Lock()]
def serve(number):
    while True:
        client, _ = listener.accept()
        client.recv(1000)
        first, second = locks if number % 2 else reversed(locks)
        with first:
            time.sleep(0.3)
            with second:
                client.close()
for number in range(4):
    threading.Thread(target=serve, args=[number]).start()
"""


def start(place, text):
    server = place.start(PYTHON, place.write("server.py", text))
    sockets.until_listening(8080)
    return server


class SilentClient(Case):
    """Python's http.server, serial: it reads from a silent client, full queue"""

    name = "python-http-silent"
    headline = {"server-blocked"}

    def set_up(self, place):
        server = start(place, SERIAL)
        silent = place.clients("silent", 8080, 1)
        sockets.until_held(8080, 1)
        place.clients("get", 8080, 12)
        sockets.until_full(8080)
        self.mentions = [8080, server.pid, silent.pid]


class NotReading(Case):
    """Python's http.server, serial: it writes to a client that does not read, full queue"""

    name = "python-http-not-reading"
    headline = {"server-blocked", "peer-not-reading"}
    allow = QUEUE | {"receive-stuck", "server-blocked"}

    def set_up(self, place):
        server = start(place, SERIAL)
        lazy = place.clients("deaf", 8080, 1)
        sockets.until_held(8080, 1)
        place.clients("get", 8080, 12)
        sockets.until_full(8080)
        self.mentions = [8080, server.pid, lazy.pid]


class LogPipe(Case):
    """Python's http.server, serial: its log is a full pipe that nobody reads, and a queue"""

    name = "python-log-pipe"
    headline = {"output-blocked"}
    allow = QUEUE | {"server-blocked"}

    def set_up(self, place):
        # Each answer writes a line; the shell's reader sleeps for ever.
        line = f"{PYTHON} {place.write('server.py', LOGGING)} 2>&1 | exec sleep 600"
        place.start("sh", "-c", line)
        sockets.until_listening(8080)
        place.clients("burst", 8080, 4)
        wait("a write to the pipe", lambda: any(map(writes, look.pids())))
        place.clients("get", 8080, 12)
        sockets.until_full(8080)
        self.mentions = [8080]


def writes(pid):
    return "anon_pipe_write" in look.thread(pid, pid) or "pipe_write" in look.thread(pid, pid)


class Loop(Case):
    """asyncio: time.sleep in the loop, and a full queue"""

    name = "asyncio-sleep"
    headline = {"event-loop-blocked"}
    allow = QUEUE | {"receive-stuck"}

    def set_up(self, place):
        server = start(place, LOOP)
        place.clients("get", 8080, 1, "/sleep")
        sockets.until_held(8080, 1)
        place.clients("get", 8080, 12)
        sockets.until_full(8080)
        self.mentions = [8080, server.pid]


class Deadlock(Case):
    """Python threads: all four wait for locks that they hold among themselves, full queue"""

    name = "python-deadlock"
    headline = {"workers-exhausted", "lock-wait"}
    allow = QUEUE | {"workers-exhausted", "lock-wait"}

    def set_up(self, place):
        server = start(place, DEADLOCK)
        place.clients("get", 8080, 20)
        sockets.until_held(8080, 4)
        sockets.until_full(8080)
        wait(
            "all in futex",
            lambda: not any("nanosleep" in each for each in look.threads(server.pid)),
        )
        self.mentions = [8080, server.pid]
