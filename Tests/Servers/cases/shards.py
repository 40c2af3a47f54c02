"""nginx with a listener per worker."""

import os
import signal

import look
import packages
import sockets
import upstream
from case import QUEUE, Case


def start(place, listen):
    does = 'return 200 "hello\\n";'
    return upstream.nginx(place, does, listen=listen, workers=2)


class Stopped(Case):
    """nginx with SO_REUSEPORT: one of two workers stopped, half of the clients wait in its queue"""

    name = "nginx-reuseport-stopped"
    needs = ["nginx"]
    headline = {"process-stopped", "reuseport-imbalance"}
    allow = QUEUE | {"reuseport-imbalance"}

    def set_up(self, place):
        master = start(place, "reuseport")
        worker = [
            pid
            for pid in look.pids()
            if f"PPid:\t{master.pid}\n" in look.read(f"/proc/{pid}/status")
        ][0]
        os.kill(worker, signal.SIGSTOP)
        place.clients("get", 8080, 60)
        sockets.until_total_queued(8080, 15)
        self.mentions = [8080, worker]


class Load(Case):
    """nginx under keepalive load from wrk"""

    name = "healthy-nginx-load"
    sick = False
    needs = ["nginx", "wrk"]

    def set_up(self, place):
        start(place, "")
        place.start(packages.path("wrk"), "-t1", "-c64", "-d600s", "http://127.0.0.1:8080/")
        sockets.until_held(8080, 60)


class IdleKept(Case):
    """nginx with 200 idle connections kept for the next request"""

    name = "healthy-nginx-idle"
    sick = False
    needs = ["nginx"]

    def set_up(self, place):
        start(place, "reuseport")
        place.clients("answered", 8080, 200)
        sockets.until_held(8080, 200)


class TimeWait(Case):
    """nginx with thousands of TIME-WAIT left by short connections"""

    name = "healthy-time-wait"
    sick = False
    needs = ["nginx"]

    def set_up(self, place):
        start(place, "")
        place.clients("burst", 8080, 300)
        sockets.until_count("time-wait", 3000, 60)


class Bursts(Case):
    """nginx with bursts that fill three quarters of a queue and drain at once"""

    name = "healthy-bursts"
    sick = False
    needs = ["nginx"]

    def set_up(self, place):
        start(place, "backlog=64")
        place.clients("burst", 8080, 48)
        sockets.until_count("time-wait", 200)
