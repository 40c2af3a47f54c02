"""Servers that stop accepting because of a limit, their own or the kernel's."""

import packages
import sockets
from case import QUEUE, Case
from place import wait

HAPROXY = """
global
  maxconn {most}
  nbthread 1
defaults
  mode tcp
  timeout client 600s
  timeout server 600s
  timeout connect 600s
frontend front
  bind 127.0.0.1:8080 backlog 5
  default_backend back
backend back
  server one 127.0.0.1:6379
"""

NGINX = """
worker_processes 1;
worker_rlimit_nofile {most};
daemon off;
user www-data;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_header_timeout 600s;
  server {{ listen 127.0.0.1:8080 backlog=10; }}
}}
"""


LIGHTTPD = """
server.document-root = "{folder}"
server.bind = "127.0.0.1"
server.port = 8080
server.max-connections = 8
server.listen-backlog = 5
server.max-read-idle = 600
server.errorlog = "{folder}/lighttpd.log"
"""


def proxy(place, most):
    redis = "--port 6379 --bind 127.0.0.1 --save".split()
    place.start(packages.path("redis-server"), *redis, "", "--dir", place.folder)
    sockets.until_listening(6379)
    text = HAPROXY.format(most=most)
    place.start(packages.path("haproxy"), "-db", "-f", place.write("haproxy.conf", text))
    sockets.until_listening(8080)


class Proxy(Case):
    """HAProxy at maxconn: the listener has left its event set, and a full queue"""

    name = "haproxy-maxconn"
    needs = ["haproxy", "redis-server"]
    headline = {"listener-paused"}

    def set_up(self, place):
        proxy(place, 3)
        place.clients("text", 8080, 20, "PING\\r\\n")
        sockets.until_held(8080, 3)
        sockets.until_full(8080)
        self.mentions = [8080]


class ProxyWell(Case):
    """HAProxy below its limit, with connections at rest"""

    name = "healthy-haproxy"
    sick = False
    needs = ["haproxy", "redis-server"]

    def set_up(self, place):
        proxy(place, 100)
        place.clients("text", 8080, 20, "PING\\r\\n")
        sockets.until_held(8080, 20)


def lighttpd(place):
    text = LIGHTTPD.format(folder=place.folder)
    place.start(packages.path("lighttpd"), "-D", "-f", place.write("lighttpd.conf", text))
    sockets.until_listening(8080)


class Lighttpd(Case):
    """lighttpd at its connection limit: the listener polled without EPOLLIN, and a full queue"""

    name = "lighttpd-limit"
    needs = ["lighttpd"]
    headline = {"listener-paused"}

    def set_up(self, place):
        lighttpd(place)
        place.clients("half", 8080, 40)
        sockets.until_full(8080)
        self.mentions = [8080]


class Paused(Case):
    """lighttpd just at its connection limit, its listener paused, and nobody waiting"""

    name = "healthy-paused"
    sick = False
    needs = ["lighttpd"]

    def set_up(self, place):
        lighttpd(place)
        place.clients("half", 8080, 8)
        sockets.until_held(8080, 8)


class Memcached(Case):
    """memcached at its connection limit: the listener paused, its own backlog cut to nothing"""

    name = "memcached-limit"
    needs = ["memcached"]
    # It keeps to its limit by letting descriptors run out: both are true.
    headline = {"listener-paused", "descriptors-exhausted"}

    def set_up(self, place):
        place.start(
            packages.path("memcached"),
            "-l",
            "127.0.0.1",
            "-p",
            11211,
            "-U",
            0,
            "-c",
            64,
            "-t",
            2,
            "-u",
            "nobody",
            "-o",
            "no_maxconns_fast",
        )
        sockets.until_listening(11211)
        place.clients("text", 11211, 90, "version\\r\\n")
        sockets.until_full(11211)
        self.mentions = [11211]


class Descriptors(Case):
    """nginx out of descriptors: accept fails, it tries again twice a second, and a full queue"""

    name = "nginx-descriptors"
    needs = ["nginx"]
    headline = {"descriptors-exhausted"}
    allow = QUEUE | {"listener-paused"}

    def set_up(self, place):
        text = NGINX.format(most=24, folder=place.folder)
        place.start(packages.path("nginx"), "-c", place.write("nginx.conf", text))
        sockets.until_listening(8080)
        place.clients("half", 8080, 40)
        sockets.until_full(8080)
        wait(
            "accept to fail",
            lambda: "Too many open files" in open(place.path("nginx-error.log")).read(),
        )
        self.mentions = [8080]
