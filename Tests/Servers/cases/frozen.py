"""Redis in a frozen control group: it looks idle, and answers nobody."""

import os

import look
import sockets
from case import QUEUE, Case
from cases import redis
from place import NotHere, wait


def version_two():
    """Where control groups of version 2 are mounted, alone or beside those of version 1."""
    for line in look.read("/proc/mounts").splitlines():
        if line.split()[2] == "cgroup2":
            return line.split()[1]
    raise NotHere("no cgroup2 is mounted")


class Frozen(Case):
    """Redis frozen by its control group: state S, in epoll_wait, and a queue"""

    name = "redis-frozen"
    needs = ["redis-server"]
    headline = {"process-stopped"}
    allow = QUEUE | {"receive-stuck"}

    def set_up(self, place):
        server = redis.start(place)
        place.clients("text", 6379, 2, "PING\\r\\n")
        sockets.until_held(6379, 2)
        name = os.path.basename(os.path.dirname(place.folder))
        self.group = place.empty_group(os.path.join(version_two(), name))
        self.tell("cgroup.procs", server.pid)
        self.tell("cgroup.freeze", 1)
        wait("the freezing", lambda: "frozen 1" in look.read(f"{self.group}/cgroup.events"))
        place.clients("text", 6379, 5, "PING\\r\\n")
        sockets.until_queued(6379, 5)
        self.mentions = [6379, server.pid]

    def tell(self, name, value):
        with open(os.path.join(self.group, name), "w") as file:
            file.write(str(value))
