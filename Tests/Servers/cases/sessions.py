"""php-fpm whose children wait for each other's session file."""

import os

import look
import packages
import sockets
from case import Case
from cases.php import POOL
from place import wait

SCRIPT = (
    "<?php session_save_path('{folder}/sessions'); session_id('same'); session_start(); sleep(600);"
)


class Session(Case):
    """php-fpm: one child asleep with the session's lock, the other two wait for it in flock"""

    name = "php-session-lock"
    needs = ["php-fpm"]
    headline = {"workers-exhausted", "lock-wait"}
    allow = {
        "unix-backlog-full",
        "accept-queue-full",
        "accept-queue-filling",
        "workers-exhausted",
        "lock-wait",
    }

    def set_up(self, place):
        place.owned_folder("sessions", "www-data")
        os.environ["FCGI_SCRIPT"] = place.write("session.php", SCRIPT.format(folder=place.folder))
        socket = place.path("php.sock")
        text = POOL.format(folder=place.folder).replace("max_children = 2", "max_children = 3")
        server = place.start(
            packages.path("php-fpm"), "-n", "-F", "-y", place.write("fpm.conf", text)
        )
        sockets.until_listening(socket)
        place.clients("fcgi", socket, 3)
        wait("two in flock", lambda: waiting(server.pid) == 2)
        place.clients("fcgi", socket, 6)
        sockets.until_full(socket)
        self.mentions = ["php.sock"]


def waiting(parent):
    children = [
        pid for pid in look.pids() if f"PPid:\t{parent}\n" in look.read(f"/proc/{pid}/status")
    ]
    return sum("flock" in look.thread(pid, pid) for pid in children)
