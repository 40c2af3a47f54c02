"""gunicorn's sync workers asleep in the application; alone, and behind nginx."""

import look
import sockets
import upstream
from case import QUEUE, Case
from place import wait

APPLICATION = """
import time

def application(environ, start_response):
    time.sleep(600)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hello"]
"""


def start(place, workers, backlog):
    place.write("sleepy.py", APPLICATION)
    place.start(
        "/usr/bin/gunicorn",
        "--workers",
        workers,
        "--backlog",
        backlog,
        "--timeout",
        0,
        "--bind",
        "127.0.0.1:8000",
        "sleepy:application",
        user="www-data",
    )
    sockets.until_listening(8000)


def until_asleep(workers):
    """A queue fills while the workers still start, too."""
    wait("workers asleep", lambda: sum(map(sleeps, look.pids())) >= workers)


def sleeps(pid):
    return "gunicorn" in look.read(f"/proc/{pid}/cmdline") and "nanosleep" in look.thread(pid, pid)


class Sync(Case):
    """gunicorn: two sync workers asleep in the application, and a full queue"""

    name = "gunicorn-sync"
    needs = ["gunicorn"]
    headline = {"workers-exhausted"}

    def set_up(self, place):
        start(place, 2, 5)
        place.clients("get", 8000, 20)
        until_asleep(2)
        sockets.until_full(8000)
        self.mentions = [8000]


class Few(Case):
    """gunicorn: two sync workers asleep, three clients in a queue that has room for 2048"""

    name = "gunicorn-few"
    needs = ["gunicorn"]
    headline = {"workers-exhausted"}

    def set_up(self, place):
        start(place, 2, 2048)
        place.clients("get", 8000, 2)
        until_asleep(2)
        place.clients("get", 8000, 3)
        sockets.until_queued(8000, 3)
        self.mentions = [8000]


class BehindNginx(Case):
    """nginx in front of a gunicorn whose only worker is asleep: one story, told from its end"""

    name = "nginx-gunicorn"
    needs = ["nginx", "gunicorn"]
    headline = {"server-blocked", "workers-exhausted"}
    allow = QUEUE | {"waits-upstream"}

    def set_up(self, place):
        start(place, 1, 5)
        upstream.nginx(place, "proxy_pass http://127.0.0.1:8000;")
        place.clients("get", 8080, 12)
        until_asleep(1)
        sockets.until_full(8000)
        self.mentions = [8000]
