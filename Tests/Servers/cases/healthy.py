"""What looks odd and is well: idle pools, holders that never accept, loops at full speed."""

import os
import signal

import look
import packages
import sockets
from case import Case
from place import PYTHON, wait

# One thread per connection, each in recv on a client that has nothing to say at the moment.
THREADS = """
import socketserver
class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        while self.rfile.readline():
            self.wfile.write(b"ok\\n")
class Server(socketserver.ThreadingTCPServer):
    request_queue_size = 128
Server(("127.0.0.1", 8080), Handler).serve_forever()
"""

# Accepts in the threads themselves; all of them have a client, and nobody waits.
POOL = """
import socket, threading
listener = socket.create_server(("127.0.0.1", 8080), backlog=16)
def serve():
    while True:
        client, _ = listener.accept()
        while client.recv(1000):
            client.sendall(b"ok\\n")
for _ in range(4):
    threading.Thread(target=serve).start()
"""

# Socket activation: the parent holds the listener for ever and only its child accepts.
ACTIVATION = """
import os, select, socket, subprocess, sys
listener = socket.create_server(("127.0.0.1", 8080), backlog=16)
spare = socket.create_server(("127.0.0.1", 8081), backlog=16)
listener.set_inheritable(True)
poll = select.epoll()
poll.register(spare.fileno(), select.EPOLLIN)
child = subprocess.Popen([sys.executable, "-c", '''
import socket
listener = socket.socket(fileno=%d)
while True:
    client, _ = listener.accept()
    client.recv(1000)
    client.sendall(b"ok")
''' % listener.fileno()], pass_fds=[listener.fileno()])
while True:
    poll.poll()
"""

BATCH = """
import socket, subprocess
listener = socket.create_server(("127.0.0.1", 8080), backlog=5)
subprocess.run(["sleep", "600"])
"""

POLLING = """
import asyncio
async def serve(reader, writer):
    await reader.readuntil(b"\\r\\n\\r\\n")
    await asyncio.sleep(600)
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 8080)
    await server.serve_forever()
asyncio.run(main())
"""

NODE = """
const server = require('http').createServer((request, response) => response.end('hello'));
server.listen(8080, '127.0.0.1');
"""

QUICK = """
def application(environ, start_response):
    start_response("200 OK", [("Content-Length", "5")])
    return [b"hello"]
"""

ECHO = """
import socket
made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
made.bind(("127.0.0.1", 5353))
while True:
    made.sendto(b"a", made.recvfrom(2000)[1])
"""


# Accepts all there is ten times a second, so that a queue is seen now filled, now empty.
BATCHES = """
import socket, time
listener = socket.create_server(("127.0.0.1", 8080), backlog=16)
listener.setblocking(False)
while True:
    time.sleep(0.1)
    try:
        while True:
            client, _ = listener.accept()
            client.setblocking(True)
            client.recv(1000)
            client.sendall(b"ok")
            client.close()
    except BlockingIOError:
        pass
"""


def python(place, text, port=8080):
    server = place.start(PYTHON, place.write("server.py", text))
    sockets.until_listening(port)
    return server


class PerConnection(Case):
    """A thread per connection, thirty of them idle, as sshd's children are"""

    name = "healthy-thread-per-connection"
    sick = False

    def set_up(self, place):
        python(place, THREADS)
        place.clients("text", 8080, 30, "hello\\n")
        sockets.until_held(8080, 30)


class IdlePool(Case):
    """A pool whose four threads all serve idle clients, with nobody in the queue"""

    name = "healthy-pool-idle"
    sick = False

    def set_up(self, place):
        python(place, POOL)
        place.clients("text", 8080, 4, "hello")
        sockets.until_held(8080, 4)


class Activation(Case):
    """A parent that holds listeners and accepts at none, as systemd does; its child serves one"""

    name = "healthy-activation"
    sick = False

    def set_up(self, place):
        python(place, ACTIVATION)
        place.clients("text", 8080, 1, "hello")
        sockets.until_held(8080, 1)


class Batch(Case):
    """A batch job that listens, waits for its child, and has nobody connected"""

    name = "healthy-batch"
    sick = False

    def set_up(self, place):
        python(place, BATCH)


class Batches(Case):
    """A server that empties its queue ten times a second, three quarters full each time"""

    name = "healthy-batches"
    sick = False

    def set_up(self, place):
        python(place, BATCHES)
        place.clients("burst", 8080, 12)
        sockets.until_queued(8080, 10)


class LongPoll(Case):
    """asyncio with 200 requests that are answered when there is news"""

    name = "healthy-long-poll"
    sick = False

    def set_up(self, place):
        python(place, POLLING)
        place.clients("get", 8080, 200)
        sockets.until_held(8080, 200)


class Node(Case):
    """Node.js whose loop is busy all the time, and answers all the time"""

    name = "healthy-node-load"
    sick = False
    needs = ["node", "wrk"]

    def set_up(self, place):
        place.start(packages.path("node"), place.write("server.js", NODE))
        sockets.until_listening(8080)
        place.start(packages.path("wrk"), "-t1", "-c64", "-d600s", "http://127.0.0.1:8080/")
        sockets.until_held(8080, 60)


class Gunicorn(Case):
    """gunicorn's sync workers under load: always some in the queue, and never the same"""

    name = "healthy-gunicorn-load"
    sick = False
    needs = ["gunicorn"]

    def set_up(self, place):
        place.write("quick.py", QUICK)
        place.start(
            "/usr/bin/gunicorn",
            "--workers",
            2,
            "--bind",
            "127.0.0.1:8080",
            "quick:application",
            user="www-data",
        )
        sockets.until_listening(8080)
        place.clients("burst", 8080, 24)
        sockets.until_count("time-wait", 100)


class Datagrams(Case):
    """A UDP server that reads what comes"""

    name = "healthy-udp"
    sick = False

    def set_up(self, place):
        place.start(PYTHON, place.write("server.py", ECHO))
        wait("the server", lambda: sockets.rows("-uan", "sport = :5353"))
        place.clients("datagrams", 5353, 2)


class Neighbours(Case):
    """A server under load, beside programs that serve nobody: stopped, at a lock, at a full pipe"""

    name = "healthy-odd-neighbours"
    sick = False

    LOCKED = """
import fcntl
lock = open("cron.lock", "w")
fcntl.flock(lock, fcntl.LOCK_EX)
input()
"""

    def set_up(self, place):
        python(place, THREADS)
        place.clients("text", 8080, 10, "hello\\n")
        script = place.write("locked.py", self.LOCKED)
        for _ in range(3):
            place.start(PYTHON, script, say="")
        wait("two at the lock", lambda: threads_in("flock") == 2)
        place.start("sh", "-c", "yes | exec sleep 600")
        wait("a full pipe", lambda: threads_in("pipe_write") == 1)
        idle = place.start("sleep", "600")
        os.kill(idle.pid, signal.SIGSTOP)
        sockets.until_held(8080, 10)
        sockets.until_quiet(8080, 10)


def threads_in(word):
    """How many processes are in a call or kernel function with this name."""
    return sum(word in look.thread(each, each) for each in look.pids())
