"""Proxies in front of a server that sleeps: the story must be told from its end."""

import look
import packages
import sockets
from case import QUEUE, Case
from cases import redis
from place import wait


class Socat(Case):
    """socat, a process for each connection, in front of a Redis that sleeps"""

    name = "socat-redis"
    needs = ["socat", "redis-server"]
    headline = {"event-loop-blocked"}
    allow = QUEUE | {"receive-stuck", "waits-upstream"}

    def set_up(self, place):
        server = redis.start(place)
        listen = "TCP-LISTEN:8080,bind=127.0.0.1,fork,backlog=64"
        place.start(packages.path("socat"), listen, "TCP:127.0.0.1:6379")
        sockets.until_listening(8080)
        place.clients("text", 8080, 1, "DEBUG SLEEP 600\\r\\n")
        wait("the sleep", lambda: "nanosleep" in look.thread(server.pid, server.pid))
        place.clients("text", 8080, 6, "PING\\r\\n")
        sockets.until_queued(6379, 6)
        self.mentions = [6379, server.pid]
