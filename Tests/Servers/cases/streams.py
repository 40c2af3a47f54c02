"""Connections that are quiet or one-way for hours, and well: pushes, subscriptions, sessions."""

import os

import packages
import sockets
import upstream
from case import Case
from cases import postgres, redis
from place import wait

WEBSOCKETS = """
import asyncio, sys, websockets
async def serve(peer, path=None):
    await peer.wait_closed()
async def one():
    async with websockets.connect("ws://127.0.0.1:8080/", ping_interval=None) as peer:
        async for text in peer:
            pass
async def main():
    if sys.argv[1] == "serve":
        async with websockets.serve(serve, "127.0.0.1", 9000, ping_interval=None):
            await asyncio.Future()
    await asyncio.gather(*[one() for _ in range(50)])
asyncio.run(main())
"""

SSE = """
require('http').createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write('data: hello\\\\n\\\\n');
  if (request.url === '/clock') setInterval(() => response.write('data: tick\\\\n\\\\n'), 500);
}).listen(9000, '127.0.0.1');
"""

GRPC = """
import sys, threading, grpc
from concurrent import futures
def watch(request, context):
    yield b"hello"
    gone = threading.Event()
    context.add_callback(gone.set)
    gone.wait()
if sys.argv[1] == "serve":
    handler = grpc.method_handlers_generic_handler(
        "News", {"Watch": grpc.unary_stream_rpc_method_handler(watch)})
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=20))
    server.add_generic_rpc_handlers((handler,))
    server.add_insecure_port("127.0.0.1:50051")
    server.start()
    server.wait_for_termination()
def follow(number):
    options = [("grpc.use_local_subchannel_pool", 1)]
    channel = grpc.insecure_channel("127.0.0.1:50051", options=options)
    for text in channel.unary_stream("/News/Watch")(b"all"):
        pass
for number in range(10):
    threading.Thread(target=follow, args=(number,)).start()
"""

# Connects as an MQTT 3.1.1 client, subscribes to news/#, and reads; the last one publishes.
MQTT = """
import socket, time
def packet(kind, body):
    return bytes([kind, len(body)]) + body
def words(text):
    return len(text).to_bytes(2, "big") + text
def client(number):
    made = socket.create_connection(("127.0.0.1", 1883))
    made.sendall(packet(0x10, words(b"MQTT") + b"\\4\\2" + b"\\0\\0" + words(b"c%d" % number)))
    made.recv(4)
    return made
held = [client(number) for number in range(40)]
for number, made in enumerate(held):
    topic = b"quiet/#" if number % 2 else b"news/#"
    made.sendall(packet(0x82, b"\\0\\1" + words(topic) + b"\\0"))
    made.recv(5)
busy = client(99)
while True:
    busy.sendall(packet(0x30, words(b"news/today") + b"rain"))
    for made in held[::2]:
        made.recv(100)
    time.sleep(1)
"""

WORKERS = """
import redis, threading
def jobs():
    redis.Redis().blpop("jobs", 0)
def news():
    follower = redis.Redis().pubsub()
    follower.subscribe("news")
    for each in follower.listen():
        pass
def stream():
    redis.Redis().xread({"events": "$"}, block=0)
for work in (jobs, news, stream):
    for _ in range(8):
        threading.Thread(target=work).start()
"""


class Websockets(Case):
    """nginx before fifty websockets on which nothing is said"""

    name = "healthy-websockets"
    sick = False
    needs = ["nginx", "python3-websockets"]

    UPGRADE = (
        "proxy_pass http://127.0.0.1:9000; proxy_set_header Upgrade $http_upgrade;"
        ' proxy_set_header Connection "upgrade";'
    )

    def set_up(self, place):
        upstream.python(place, "socks", WEBSOCKETS, "serve")
        sockets.until_listening(9000)
        upstream.nginx(place, self.UPGRADE)
        upstream.python(place, "socks", WEBSOCKETS, "follow")
        sockets.until_held(9000, 50)
        sockets.until_quiet(9000, 50)


class Events(Case):
    """nginx before Node that pushes events: twenty clients hear a clock, thirty hear nothing"""

    name = "healthy-node-events"
    sick = False
    needs = ["nginx", "node"]

    def set_up(self, place):
        place.start(packages.path("node"), place.write("events.js", SSE.replace("\\\\", "\\")))
        sockets.until_listening(9000)
        upstream.nginx(place, "proxy_pass http://127.0.0.1:9000; proxy_buffering off;")
        place.clients("get", 8080, 20, "/clock")
        place.clients("get", 8080, 30, "/news")
        sockets.until_held(9000, 50)
        sockets.until_quiet(9000, 50)


class Grpc(Case):
    """gRPC: ten streams, each with a thread of the server that waits for news"""

    name = "healthy-grpc-streams"
    sick = False
    needs = ["python3-grpcio"]

    def set_up(self, place):
        upstream.python(place, "news", GRPC, "serve")
        sockets.until_listening(50051)
        upstream.python(place, "news", GRPC, "follow")
        sockets.until_held(50051, 10)
        sockets.until_quiet(50051, 10)


class Mosquitto(Case):
    """mosquitto: twenty subscribers hear something each second, twenty others nothing"""

    name = "healthy-mosquitto"
    sick = False
    needs = ["mosquitto"]

    def set_up(self, place):
        config = place.write("mosquitto.conf", "listener 1883 127.0.0.1\nallow_anonymous true\n")
        place.start(packages.path("mosquitto"), "-c", config)
        sockets.until_listening(1883)
        upstream.python(place, "subscribers", MQTT)
        sockets.until_held(1883, 41)
        sockets.until_quiet(1883, 40)


class Workers(Case):
    """Redis: workers in BLPOP and XREAD BLOCK, followers of a channel, all without a time-out"""

    name = "healthy-redis-workers"
    sick = False
    needs = ["redis-server", "python3-redis"]

    def set_up(self, place):
        redis.start(place, "--tcp-backlog", 511)
        upstream.python(place, "workers", WORKERS)
        sockets.until_held(6379, 24)
        sockets.until_quiet(6379, 24)


class MemcachedIdle(Case):
    """memcached with a hundred clients at rest, and two that ask all the time"""

    name = "healthy-memcached"
    sick = False
    needs = ["memcached"]

    BUSY = """
import socket
held = [socket.create_connection(("127.0.0.1", 11211)) for _ in range(2)]
while True:
    for made in held:
        made.sendall(b"get hello\\r\\n")
        made.recv(100)
"""

    def set_up(self, place):
        options = "-l 127.0.0.1 -p 11211 -U 0 -t 2 -u nobody".split()
        place.start(packages.path("memcached"), *options)
        sockets.until_listening(11211)
        place.clients("text", 11211, 100, "version\\r\\n")
        upstream.python(place, "busy", self.BUSY)
        sockets.until_held(11211, 102)
        sockets.until_quiet(11211, 100)


class Ssh(Case):
    """sshd: three sessions at a shell's prompt, one that runs a long command, one tunnel"""

    name = "healthy-ssh-sessions"
    sick = False
    needs = ["sshd", "ssh", "ssh-keygen"]

    SERVER = (
        "-o PidFile=none -o StrictModes=no -o UsePAM=no -o PermitRootLogin=yes"
        " -o ListenAddress=127.0.0.1 -o AuthorizedKeysFile="
    )
    CLIENT = "-F none -p 2222 -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null"

    def set_up(self, place):
        key, host = place.path("key"), place.path("host")
        for each in (key, host):
            place.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", each)
        place.run("mkdir", "-p", "/run/sshd")
        server = [packages.path("sshd"), "-D", "-e", "-f", "/dev/null", "-h", host, "-p", 2222]
        place.start(*server, *f"{self.SERVER}{key}.pub".split())
        sockets.until_listening(2222)
        client = ["ssh", "-i", key, *self.CLIENT.split(), "root@127.0.0.1"]
        for _ in range(3):
            place.start(*client, "cat", say="hello\n")
        place.start(*client, "sleep 600")
        place.start(*client, "-N", "-L", "127.0.0.1:7000:127.0.0.1:2222")
        sockets.until_held(2222, 5)
        sockets.until_listening(7000)
        sockets.until_quiet(2222, 5)


class Listening(Case):
    """PostgreSQL: five clients that LISTEN, and one that takes the write-ahead log as it comes"""

    name = "healthy-postgres-listen"
    sick = False
    needs = ["postgres"]

    def set_up(self, place):
        postgres.start(place)
        for _ in range(5):
            postgres.client(place, "listen news;")
        to = place.owned_folder("wal", "postgres")
        receive = [postgres.tool("pg_receivewal"), "-D", to, *postgres.ADDRESS]
        place.start(*receive, user="postgres")
        wait("the log", lambda: postgres.backends("streaming"))
        sockets.until_held(5432, 6)
        sockets.until_quiet(5432, 5)


class Report(Case):
    """PostgreSQL: a report that computes long with two parallel workers; three idle clients"""

    name = "healthy-postgres-report"
    sick = False
    needs = ["postgres"]

    FORCED = """
set parallel_setup_cost = 0; set parallel_tuple_cost = 0; set min_parallel_table_scan_size = 0;
set max_parallel_workers_per_gather = 2;
select count(*) from rows a, rows b, rows c where (a.n * b.n + c.n) % 7 = 3;
"""

    def set_up(self, place):
        postgres.start(place)
        tool = postgres.tool("psql")
        text = "create table rows as select n from generate_series(1, 3000) n; analyze rows;"
        place.run(tool, *postgres.ADDRESS, text=text)
        for _ in range(3):
            postgres.client(place, "select 1;")
        postgres.client(place, self.FORCED)
        wait("its workers", lambda: postgres.backends("parallel worker"))
        sockets.until_quiet(5432, 4)


class SlowReaders(Case):
    """nginx before a service that sends much: four clients read as slowly as they like"""

    name = "healthy-slow-readers"
    sick = False
    needs = ["nginx", "curl"]

    SERVICE = """
import http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        for _ in range(2000):
            self.wfile.write(b"x" * 100_000)
http.server.ThreadingHTTPServer(("127.0.0.1", 9000), Handler).serve_forever()
"""

    def set_up(self, place):
        upstream.python(place, "service", self.SERVICE)
        sockets.until_listening(9000)
        upstream.nginx(place, "proxy_pass http://127.0.0.1:9000; proxy_max_temp_file_size 0;")
        for rate in ("20k", "100k", "300k", "2M"):
            place.start(
                "curl", "-s", "-o", os.devnull, "--limit-rate", rate, "http://127.0.0.1:8080/"
            )
        sockets.until_held(9000, 4)
        sockets.until_quiet(8080, 4)
