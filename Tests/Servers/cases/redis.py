"""Redis: its only loop asleep, its only loop stopped, and well."""

import os
import signal

import look
import packages
import sockets
from case import QUEUE, Case
from place import wait


def start(place, *more):
    server = place.start(
        packages.path("redis-server"),
        "--port",
        6379,
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        place.folder,
        "--enable-debug-command",
        "yes",
        "--tcp-backlog",
        8,
        *more
    )
    sockets.until_listening(6379)
    return server


class Sleeping(Case):
    """Redis: DEBUG SLEEP in the only thread, clients with questions, and a full queue"""

    name = "redis-debug-sleep"
    needs = ["redis-server"]
    headline = {"event-loop-blocked"}
    allow = QUEUE | {"receive-stuck"}

    def set_up(self, place):
        server = start(place)
        held = place.clients("text", 6379, 3, "")
        sockets.until_held(6379, 3)
        place.clients("text", 6379, 1, "DEBUG SLEEP 600\\r\\n")
        wait("the sleep", lambda: "nanosleep" in look.thread(server.pid, server.pid))
        place.clients("text", 6379, 15, "PING\\r\\n")
        sockets.until_full(6379)
        self.mentions = [6379, server.pid]
        del held


class Stopped(Case):
    """Redis stopped with SIGSTOP, with clients in its queue"""

    name = "redis-stopped"
    needs = ["redis-server"]
    headline = {"process-stopped"}
    allow = QUEUE | {"receive-stuck"}

    def set_up(self, place):
        server = start(place)
        place.clients("text", 6379, 2, "PING\\r\\n")
        sockets.until_held(6379, 2)
        os.kill(server.pid, signal.SIGSTOP)
        place.clients("text", 6379, 5, "PING\\r\\n")
        sockets.until_queued(6379, 5)
        self.mentions = [6379, server.pid]


class Idle(Case):
    """Redis with three idle clients"""

    name = "healthy-redis-idle"
    sick = False
    needs = ["redis-server"]

    def set_up(self, place):
        start(place)
        place.clients("text", 6379, 3, "PING\\r\\n")
        sockets.until_held(6379, 3)


class Busy(Case):
    """Redis under redis-benchmark"""

    name = "healthy-redis-load"
    sick = False
    needs = ["redis-server", "redis-benchmark"]

    def set_up(self, place):
        start(place, "--tcp-backlog", 511)
        place.start(packages.path("redis-benchmark"), "-l", "-q", "-c", 50, "-t", "get,set")
        sockets.until_held(6379, 40)
