"""Servers that make a process for each connection."""

import packages
import sockets
from case import QUEUE, Case


class Socat(Case):
    """socat with at most two children, both on silent clients; the parent waits for one to end"""

    name = "socat-max-children"
    needs = ["socat"]
    headline = {"acceptor-waits-child", "workers-exhausted", "listener-paused", "server-blocked"}
    allow = QUEUE | {"acceptor-waits-child", "workers-exhausted", "listener-paused"}

    def set_up(self, place):
        place.start(
            packages.path("socat"),
            "TCP-LISTEN:8080,bind=127.0.0.1,fork,max-children=2,backlog=5",
            "EXEC:cat",
        )
        sockets.until_listening(8080)
        place.clients("silent", 8080, 2)
        sockets.until_held(8080, 2)
        place.clients("text", 8080, 12, "hello\\n")
        sockets.until_full(8080)
        self.mentions = [8080]


class Sshd(Case):
    """sshd with five clients that have connected and say nothing yet"""

    name = "healthy-sshd"
    sick = False
    needs = ["sshd", "ssh-keygen"]

    def set_up(self, place):
        key = place.path("key")
        place.run(packages.path("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", key)
        place.run("mkdir", "-p", "/run/sshd")
        place.start(
            packages.path("sshd"),
            "-D",
            "-e",
            "-f",
            "/dev/null",
            "-h",
            key,
            "-p",
            2222,
            "-o",
            "ListenAddress=127.0.0.1",
            "-o",
            "PidFile=none",
        )
        sockets.until_listening(2222)
        place.clients("text", 2222, 5, "")
        sockets.until_held(2222, 5)
