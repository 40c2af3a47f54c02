"""Servers with a pool of threads that sit in poll with a time-out, or hand work to a queue."""

import packages
import sockets
from case import QUEUE, Case

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
