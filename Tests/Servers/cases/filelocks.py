"""Locks that several processes share: files, SQLite, children."""

import os

import look
import packages
import sockets
import upstream
from case import BEHIND, Case
from place import wait


# Each request takes the lock of the file; a service as people write it in an afternoon.
SERVICE = """
import fcntl, http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        with open("orders.lock", "w") as lock:
            fcntl.lockf(lock, fcntl.LOCK_EX)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hello")
http.server.ThreadingHTTPServer(("127.0.0.1", 9000), Handler).serve_forever()
"""

HOLDER = """
import fcntl, time
lock = open("orders.lock", "w")
fcntl.lockf(lock, fcntl.LOCK_EX)
time.sleep(600)
"""

CALLER = """
import urllib.request
def application(environ, start_response):
    body = urllib.request.urlopen("http://127.0.0.1:9000/").read()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
"""

SQLITE = """
import sqlite3
def application(environ, start_response):
    base = sqlite3.connect("shop.db", timeout=600)
    base.execute("insert into visits values (1)")
    base.commit()
    start_response("200 OK", [])
    return [b"hello"]
"""

BATCH = """
import sqlite3, time
base = sqlite3.connect("shop.db", isolation_level=None)
base.execute("begin immediate")
time.sleep(600)
"""

# Looks once a second whether its child is still there, so it is never asleep for long.
JOIN = """
import multiprocessing, socket
def serve(client):
    while client.recv(1000):
        client.sendall(b"ok")
listener = socket.create_server(("127.0.0.1", 8080), backlog=8)
while True:
    client, _ = listener.accept()
    child = multiprocessing.Process(target=serve, args=(client,))
    child.start()
    client.close()
    while child.is_alive():
        child.join(1)
"""


class RecordLock(Case):
    """gthread asks a service whose threads wait in fcntl for a file that a batch job has locked"""

    name = "gthread-fcntl-service"
    needs = ["gunicorn", "curl"]
    headline = {"lock-wait", "request-unanswered", "waits-upstream"}
    allow = BEHIND

    def set_up(self, place):
        service = upstream.python(place, "service", SERVICE)
        sockets.until_listening(9000)
        master = upstream.gunicorn(place, CALLER, "--workers", 1, "--threads", 6)
        upstream.curl(place)
        holder = upstream.python(place, "holder", HOLDER)
        wait("the lock", lambda: f" {holder.pid} " in look.read("/proc/locks"))
        place.clients("get", 8080, 6)
        upstream.until_asleep(service.pid, "fcntl", 6)
        sockets.until_quiet(8080, 6)
        self.mentions = [8080, 9000]
        worker = upstream.children(master.pid)[0]
        self.names = [worker, service.pid, holder.pid, r"orders\.lock"]


class Sqlite(Case):
    """waitress: four threads that try SQLite's lock again and again; a batch job has it"""

    name = "waitress-sqlite"
    needs = ["waitress-serve", "sqlite3"]
    headline = {"lock-wait", "workers-exhausted", "request-unanswered"}
    allow = BEHIND

    def set_up(self, place):
        place.run("sqlite3", place.path("shop.db"), "create table visits (n int)")
        holder = upstream.python(place, "batch", BATCH)
        wait("the lock", lambda: f" {holder.pid} " in look.read("/proc/locks"))
        place.write("shop.py", SQLITE)
        words = ["--listen=127.0.0.1:8080", "--threads=4", "shop:application"]
        server = place.start(packages.path("waitress-serve"), *words)
        sockets.until_listening(8080)
        place.clients("get", 8080, 6)
        upstream.until_asleep(server.pid, "nanosleep", 4)
        sockets.until_quiet(8080, 6)
        self.mentions = [8080]
        self.names = [server.pid, holder.pid, r"shop\.db"]


class Join(Case):
    """A process for each connection, and the parent joins it second by second; a silent client"""

    name = "multiprocessing-join"
    headline = {"acceptor-waits-child", "server-blocked", "workers-exhausted"}
    allow = BEHIND | {"acceptor-waits-child"}

    def set_up(self, place):
        server = upstream.python(place, "server", JOIN)
        sockets.until_listening(8080)
        quiet = place.clients("silent", 8080, 1)
        child = wait("the child", lambda: upstream.children(server.pid))[0]
        place.clients("text", 8080, 4, "hello\\n")
        sockets.until_queued(8080, 4)
        sockets.until_quiet(8080, 5)
        self.mentions = [8080]
        self.names = [server.pid, child, quiet.pid]


class SqliteWell(Case):
    """waitress with SQLite under load: its writers get each other's lock all the time"""

    name = "healthy-waitress-sqlite"
    sick = False
    needs = ["waitress-serve", "sqlite3", "wrk"]

    def set_up(self, place):
        base = place.path("shop.db")
        place.run("sqlite3", base, "pragma journal_mode=wal; create table visits (n int)")
        place.write("shop.py", SQLITE.replace("base.commit()", "base.commit(); base.close()"))
        words = ["--listen=127.0.0.1:8080", "--threads=4", "shop:application"]
        place.start(packages.path("waitress-serve"), *words)
        sockets.until_listening(8080)
        place.start(packages.path("wrk"), "-t1", "-c3", "-d600s", "http://127.0.0.1:8080/")
        wal = base + "-wal"
        wait("rows", lambda: os.path.exists(wal) and os.path.getsize(wal) > 50_000)
