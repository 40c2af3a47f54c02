"""Servers with a pool of threads that sit in poll with a time-out, or hand work to a queue."""

import time

import packages
import sockets
import upstream
from case import QUEUE, Case
from place import PYTHON, wait

SLEEPY = """
import time
def application(environ, start_response):
    time.sleep(600)
    start_response("200 OK", [])
    return [b"hello"]
"""


class Uwsgi(Case):
    """uWSGI: both threads in poll, with a time-out, on clients that do not finish; full queue"""

    name = "uwsgi-threads"
    needs = ["uwsgi", "uwsgi-python3"]
    headline = {"workers-exhausted"}
    allow = QUEUE | {"waits-upstream"}

    def set_up(self, place):
        place.write("sleepy.py", SLEEPY)
        place.start(
            packages.path("uwsgi"),
            "--plugin",
            "python3",
            "--http-socket",
            "127.0.0.1:8080",
            "--processes",
            1,
            "--threads",
            2,
            "--listen",
            5,
            "--socket-timeout",
            300,
            "--wsgi-file",
            "sleepy.py",
            user="www-data",
        )
        sockets.until_listening(8080)
        slow = place.clients("half_head", 8080, 2)
        sockets.until_held(8080, 2)
        place.clients("get", 8080, 12)
        sockets.until_full(8080)
        self.mentions = [8080, slow.pid]


# Polls that are answered when there is news, and a thread that waits for orders.
ORDERS = """
import http.server, os, threading
news = threading.Event()
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        news.wait()
def orders():
    while True:
        open("orders").read()
os.mkfifo("orders")
threading.Thread(target=orders, daemon=True).start()
""" + upstream.THREADED


class Orders(Case):
    """Thirty long polls at a server with a thread that waits for orders at a FIFO"""

    name = "healthy-orders-fifo"
    sick = False

    def set_up(self, place):
        server = place.start(PYTHON, place.write("server.py", ORDERS))
        upstream.until_asleep(server.pid, "wait_for_partner")
        # The polls come later than the FIFO was opened, as on any server that has been up a while.
        opened = time.monotonic()
        wait("a second", lambda: time.monotonic() > opened + 1)
        place.clients("get", 8080, 30)
        sockets.until_quiet(8080, 30)


class Waitress(Case):
    """waitress at its connection limit: both threads asleep, the listener no longer polled"""

    name = "waitress-limit"
    needs = ["waitress-serve"]
    headline = {"workers-exhausted", "listener-paused"}
    allow = QUEUE | {"listener-paused", "workers-exhausted"}

    def set_up(self, place):
        place.write("sleepy.py", SLEEPY)
        place.start(
            packages.path("waitress-serve"),
            "--listen=127.0.0.1:8080",
            "--threads=2",
            "--connection-limit=8",
            "--backlog=5",
            "--channel-timeout=600",
            "sleepy:application",
            user="www-data",
        )
        sockets.until_listening(8080)
        place.clients("get", 8080, 30)
        sockets.until_full(8080)
        self.mentions = [8080]
