"""An inner loop inside a worker that should serve: gRPC, gevent, FastCGI, AMQP."""

import os

import look
import packages
import sockets
import upstream
from case import BEHIND, Case
from cases import php, postgres
from place import wait

WAITING = BEHIND | {"event-loop-blocked"}

# The name of the method is all that client and server share; bytes go as they are.
GRPC_SERVER = """
import threading, grpc
from concurrent import futures
lock = threading.Lock()
lock.acquire()
def rate(request, context):
    with lock:
        return b"1"
handler = grpc.method_handlers_generic_handler(
    "Bank", {"Rate": grpc.unary_unary_rpc_method_handler(rate)})
server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
server.add_generic_rpc_handlers((handler,))
server.add_insecure_port("127.0.0.1:50051")
server.start()
server.wait_for_termination()
"""

GRPC_CLIENT = """
import grpc
def application(environ, start_response):
    with grpc.insecure_channel("127.0.0.1:50051") as channel:
        body = channel.unary_unary("/Bank/Rate")(b"EUR")
    start_response("200 OK", [])
    return [body]
"""

GEVENT = """
import psycopg2
def application(environ, start_response):
    if environ["PATH_INFO"] == "/book":
        base = psycopg2.connect("host=127.0.0.1 user=postgres dbname=postgres")
        base.cursor().execute("select pg_advisory_lock(1)")
    start_response("200 OK", [("Content-Length", "5")])
    return [b"hello"]
"""

CONSUMER = """
import pika
def application(environ, start_response):
    bus = pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", 5673, heartbeat=0))
    channel = bus.channel()
    mine = channel.queue_declare("", exclusive=True).method.queue
    channel.queue_declare("jobs")
    channel.basic_publish("", "jobs", b"job", pika.BasicProperties(reply_to=mine))
    for method, properties, body in channel.consume(mine):
        break
    start_response("200 OK", [])
    return [body]
"""


class Grpc(Case):
    """gunicorn: two sync workers in a gRPC call, its server's threads all wait for one lock"""

    name = "gunicorn-grpc"
    needs = ["gunicorn", "python3-grpcio"]
    headline = {"waits-upstream", "workers-exhausted", "request-unanswered", "lock-wait"}
    allow = WAITING

    def set_up(self, place):
        bank = upstream.python(place, "bank", GRPC_SERVER)
        sockets.until_listening(50051)
        master = upstream.gunicorn(place, GRPC_CLIENT, "--workers", 2)
        place.clients("get", 8080, 2)
        sockets.until_held(50051, 2)
        place.clients("get", 8080, 4)
        sockets.until_queued(8080, 4)
        sockets.until_quiet(50051, 2, 4)
        workers = upstream.children(master.pid)
        self.mentions = [8080]
        self.names = [bank.pid, r":50051\b", "|".join(rf"\b{each}\b" for each in workers)]
        self.never = ["limit on connections", "turned away"]


class Gevent(Case):
    """gunicorn's gevent worker: psycopg2 waits for an advisory lock, and the loop with it"""

    name = "gevent-advisory-lock"
    needs = ["gunicorn", "python3-gevent", "python3-psycopg2", "postgres"]
    headline = {"event-loop-blocked", "server-blocked", "workers-exhausted", "lock-wait"}
    allow = WAITING

    def set_up(self, place):
        postgres.start(place)
        postgres.client(place, "select pg_advisory_lock(1);")
        wait("the lock", lambda: postgres.backends("postgres: postgres postgres"))
        holder = postgres.backends("postgres: postgres postgres")[0]
        wait("the holder at rest", lambda: holder in postgres.backends(") idle"))
        master = upstream.gunicorn(place, GEVENT, "--workers", 1, "-k", "gevent")
        upstream.curl(place)
        worker = upstream.children(master.pid)[0]
        place.clients("get", 8080, 1, "/book")
        backend = wait("who waits", lambda: postgres.backends("SELECT waiting"))[0]
        place.clients("get", 8080, 6)
        sockets.until_queued(8080, 5)
        sockets.until_quiet(8080, 6, 3)
        self.mentions = [8080]
        self.names = [worker, backend, r":5432\b"]


class Php(Case):
    """nginx, php-fpm at a unix socket, both children in fopen on a service that does not answer"""

    name = "php-fpm-upstream"
    needs = ["php-fpm", "nginx"]
    headline = {"waits-upstream", "workers-exhausted", "request-unanswered"}
    allow = WAITING

    SCRIPT = """<?php ini_set('default_socket_timeout', 3600);
echo file_get_contents('http://127.0.0.1:9000/rates');"""

    def set_up(self, place):
        bank = upstream.silent(place)
        master, _ = fpm(place, self.SCRIPT)
        place.clients("get", 8080, 4)
        sockets.until_held(9000, 2)
        sockets.until_queued(place.path("php.sock"), 2)
        sockets.until_quiet(9000, 2)
        children = upstream.children(master.pid)
        self.mentions = [8080]
        self.names = [bank.pid, r":9000\b", "|".join(rf"\b{each}\b" for each in children)]


class Rabbit(Case):
    """gunicorn: a sync worker waits in pika for a reply over RabbitMQ; nobody takes the job"""

    name = "gunicorn-pika-reply"
    needs = ["gunicorn", "python3-pika", "rabbitmq-server"]
    headline = {"waits-upstream", "workers-exhausted", "server-blocked", "event-loop-blocked"}
    allow = WAITING

    def set_up(self, place):
        broker = rabbit(place)
        master = upstream.gunicorn(place, CONSUMER, "--workers", 1)
        place.clients("get", 8080, 1)
        sockets.until_held(5673, 1)
        place.clients("get", 8080, 3)
        sockets.until_queued(8080, 3)
        sockets.until_quiet(8080, 4)
        self.mentions = [8080]
        self.names = [upstream.children(master.pid)[0], broker, r":5673\b"]
        self.never = ["limit on connections", "turned away"]


class RabbitAlarm(Case):
    """RabbitMQ above its memory limit reads no publisher any more; gunicorn waits for a confirm"""

    name = "rabbitmq-alarm"
    needs = ["gunicorn", "python3-pika", "rabbitmq-server"]
    headline = {"waits-upstream", "workers-exhausted", "server-blocked", "receive-stuck"}
    allow = WAITING | {"peer-not-reading"}

    PUBLISH = """
import pika
def application(environ, start_response):
    bus = pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", 5673, heartbeat=0))
    channel = bus.channel()
    channel.confirm_delivery()
    channel.queue_declare("jobs")
    for _ in range(20):
        channel.basic_publish("", "jobs", b"job" * 10000)
    start_response("200 OK", [])
    return [b"done"]
"""

    def set_up(self, place):
        broker = rabbit(place, "vm_memory_high_watermark.absolute = 1MB\n")
        master = upstream.gunicorn(place, self.PUBLISH, "--workers", 1)
        place.clients("get", 8080, 1)
        sockets.until_held(5673, 1)
        place.clients("get", 8080, 3)
        sockets.until_queued(8080, 3)
        sockets.until_quiet(8080, 4)
        self.mentions = [8080]
        self.names = [upstream.children(master.pid)[0], broker, r":5673\b"]


class RabbitWell(Case):
    """RabbitMQ with ten consumers that wait for jobs"""

    name = "healthy-rabbitmq"
    sick = False
    needs = ["python3-pika", "rabbitmq-server"]

    CONSUMERS = """
import pika, threading
def consume():
    bus = pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", 5673, heartbeat=0))
    channel = bus.channel()
    channel.queue_declare("jobs")
    channel.basic_consume("jobs", lambda *words: None, auto_ack=True)
    channel.start_consuming()
for _ in range(10):
    threading.Thread(target=consume).start()
"""

    def set_up(self, place):
        rabbit(place)
        upstream.python(place, "consumers", self.CONSUMERS)
        sockets.until_held(5673, 10)
        sockets.until_quiet(5673, 10)


def fpm(place, script, path="/"):
    """php-fpm with two children, which run this script for all that nginx gets at port 8080."""
    name = place.write("app.php", script)
    text = php.POOL.format(folder=place.folder).replace("backlog = 3", "backlog = 64")
    master = place.start(
        packages.path("php-fpm"), "-n", "-F", "-y", place.write("fpm.conf", text)
    )
    socket = place.path("php.sock")
    sockets.until_listening(socket)
    nginx = upstream.nginx(
        place,
        f"fastcgi_pass unix:{socket}; fastcgi_param SCRIPT_FILENAME {name};"
        " fastcgi_param REQUEST_METHOD GET; fastcgi_param QUERY_STRING $query_string;",
    )
    return master, nginx


def rabbit(place, more=""):
    """RabbitMQ at port 5673, in the case's folder; gives the pid of its virtual machine."""
    config = place.write("rabbit.conf", f"listeners.tcp.1 = 127.0.0.1:5673\n{more}")
    home = place.path("rabbit")
    os.makedirs(home, exist_ok=True)
    name = "/usr/lib/rabbitmq/bin/rabbitmq-server"
    made = place.start(
        name,
        env={
            "HOME": home,
            "RABBITMQ_CONFIG_FILE": config,
            "RABBITMQ_MNESIA_BASE": home,
            "RABBITMQ_LOG_BASE": home,
            "RABBITMQ_ENABLED_PLUGINS_FILE": place.write("rabbit/plugins", "[]."),
            "RABBITMQ_NODENAME": "case@localhost",
        },
    )
    sockets.until_listening(5673, 60)
    return next(
        each for each in upstream.children(made.pid) if "beam" in look.read(f"/proc/{each}/comm")
    )
