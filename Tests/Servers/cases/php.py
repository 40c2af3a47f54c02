"""php-fpm behind a unix socket, every child busy."""

import os

import look
import packages
import sockets
from case import Case
from place import wait

POOL = """
[global]
error_log = {folder}/fpm.log
daemonize = no
[www]
user = www-data
group = www-data
listen = {folder}/php.sock
listen.mode = 0666
listen.backlog = 3
pm = static
pm.max_children = 2
"""


class Busy(Case):
    """php-fpm: two children asleep in their scripts, and a full queue at the unix socket"""

    name = "php-fpm"
    needs = ["php-fpm"]
    headline = {"workers-exhausted"}
    allow = {"unix-backlog-full", "accept-queue-full", "accept-queue-filling"}

    def set_up(self, place):
        os.environ["FCGI_SCRIPT"] = place.write("sleep.php", "<?php sleep(600);")
        socket = place.path("php.sock")
        server = place.start(
            packages.path("php-fpm"),
            "-n",
            "-F",
            "-y",
            place.write("fpm.conf", POOL.format(folder=place.folder)),
        )
        sockets.until_listening(socket)
        place.clients("fcgi", socket, 2)
        wait("both children asleep", lambda: asleep(server.pid) == 2)
        place.clients("fcgi", socket, 6)
        sockets.until_full(socket)
        self.mentions = ["php.sock"]


class BuiltIn(Case):
    """PHP's built-in server: its one process asleep in a script, and a queue"""

    name = "php-builtin"
    needs = ["php"]
    headline = {"server-blocked", "event-loop-blocked"}

    def set_up(self, place):
        script = place.write("sleep.php", "<?php sleep(600);")
        server = place.start(packages.path("php"), "-n", "-S", "127.0.0.1:8080", script)
        sockets.until_listening(8080)
        place.clients("get", 8080, 1)
        sockets.until_held(8080, 1)
        place.clients("get", 8080, 4)
        sockets.until_queued(8080, 4)
        self.mentions = [8080, server.pid]


class Well(Case):
    """php-fpm: both children wait for work"""

    name = "healthy-php-fpm"
    sick = False
    needs = ["php-fpm"]

    def set_up(self, place):
        text = POOL.format(folder=place.folder)
        place.start(packages.path("php-fpm"), "-n", "-F", "-y", place.write("fpm.conf", text))
        sockets.until_listening(place.path("php.sock"))


def asleep(parent):
    children = [
        pid for pid in look.pids() if f"PPid:\t{parent}\n" in look.read(f"/proc/{pid}/status")
    ]
    return sum("nanosleep" in look.thread(pid, pid) for pid in children)
