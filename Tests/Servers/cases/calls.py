"""Applications that wait for another server, or for themselves."""

import sockets
from case import QUEUE, Case

CALLER = """
import urllib.request
def application(environ, start_response):
    answer = urllib.request.urlopen("http://{where}/", timeout=600).read()
    start_response("200 OK", [])
    return [answer]
"""


def start(place, port, calls):
    name = f"calls{port}"
    place.write(f"{name}.py", CALLER.format(where=calls))
    place.start(
        "/usr/bin/gunicorn",
        "--workers",
        1,
        "--backlog",
        5,
        "--timeout",
        0,
        "--bind",
        f"127.0.0.1:{port}",
        f"{name}:application",
        user="www-data",
        env={"no_proxy": "*"},
    )
    sockets.until_listening(port)


class Itself(Case):
    """gunicorn with one worker whose application asks its own server"""

    name = "gunicorn-self-call"
    needs = ["gunicorn"]
    headline = {"self-call"}
    allow = QUEUE | {
        "connect-stuck",
        "server-blocked",
        "workers-exhausted",
        "wait-cycle",
        "waits-upstream",
    }

    def set_up(self, place):
        start(place, 8000, "127.0.0.1:8000")
        place.clients("get", 8000, 1)
        sockets.until_queued(8000, 1)
        place.clients("get", 8000, 8)
        sockets.until_full(8000)
        self.mentions = [8000]


class EachOther(Case):
    """Two gunicorns with one worker each, whose applications ask each other"""

    name = "gunicorn-ring"
    needs = ["gunicorn"]
    headline = {"wait-cycle"}
    allow = QUEUE | {
        "connect-stuck",
        "server-blocked",
        "workers-exhausted",
        "self-call",
        "waits-upstream",
    }

    def set_up(self, place):
        start(place, 8000, "127.0.0.1:8001")
        start(place, 8001, "127.0.0.1:8000")
        place.clients("get", 8000, 1)
        sockets.until_queued(8000, 1)
        place.clients("get", 8000, 8)
        sockets.until_full(8000)
        self.mentions = [8000, 8001]


class RemoteSilent(Case):
    """gunicorn whose workers wait for a remote server that answers nothing, not even a SYN"""

    name = "gunicorn-remote-silent"
    needs = ["gunicorn"]
    headline = {"connect-stuck"}
    allow = QUEUE | {"server-blocked", "workers-exhausted", "waits-upstream", "retransmitting"}

    def set_up(self, place):
        # What goes out to this address comes in on loopback again, is nobody's, and is dropped.
        place.run("ip", "route", "add", "192.0.2.9/32", "dev", "lo")
        start(place, 8000, "192.0.2.9:80")
        place.clients("get", 8000, 12)
        sockets.until_full(8000)
        self.mentions = [8000, "192.0.2.9"]
