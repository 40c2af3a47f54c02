"""Calls that are never idle: a log socket, a FIFO, a file system, a name server."""

import os

import packages
import sockets
import upstream
from case import BEHIND, Case
from cases.nested import fpm
from place import wait

WRITING = BEHIND | {"output-blocked", "filesystem-stuck", "unix-receive-full"}

RSYSLOG = """
global(workDirectory="{folder}")
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="{folder}/log")
action(type="omfile" file="{folder}/messages")
"""

SYSLOG = """
import logging, logging.handlers, os
logger = logging.getLogger("shop")
logger.setLevel("INFO")
logger.addHandler(logging.handlers.SysLogHandler(os.environ["LOG"]))
def application(environ, start_response):
    for _ in range(20):
        logger.info("x" * 4000)
    start_response("200 OK", [("Content-Length", "5")])
    return [b"hello"]
"""

NODE_FILES = """
const fs = require('fs');
require('http').createServer((request, response) => {
  if (request.url === '/') return response.end('hello');
  fs.readFile(process.argv[2] + request.url, (failed, text) => response.end(text));
}).listen(8080, '127.0.0.1');
"""

FUSE = """
import stat, sys
import fusepy as fuse
class Files(fuse.Operations):
    def getattr(self, path, fh=None):
        if path == "/":
            return dict(st_mode=stat.S_IFDIR | 0o755, st_nlink=2)
        return dict(st_mode=stat.S_IFREG | 0o644, st_nlink=1, st_size=3)
    def read(self, path, size, offset, fh):
        return b"ok\\n"[offset : offset + size]
fuse.FUSE(Files(), sys.argv[1], foreground=True, nothreads=True, allow_other=True)
"""

NODE_DNS = """
const http = require('http');
http.createServer((request, response) => {
  if (request.url === '/') return response.end('hello');
  http.get('http://rates.test/', (answer) => answer.pipe(response));
}).listen(8080, '127.0.0.1');
"""


class Syslog(Case):
    """gthread: one thread in sendto on the socket of a stopped rsyslogd, three wait for its lock"""

    name = "syslog-stopped"
    needs = ["gunicorn", "rsyslogd", "curl"]
    headline = {"process-stopped", "unix-receive-full"}
    allow = WRITING

    def set_up(self, place):
        config = place.write("rsyslog.conf", RSYSLOG.format(folder=place.folder))
        pid = place.path("rsyslog.pid")
        daemon = place.start(packages.path("rsyslogd"), "-n", "-f", config, "-i", pid)
        os.environ["LOG"] = place.path("log")
        wait("the log", lambda: os.path.exists(os.environ["LOG"]))
        master = upstream.gunicorn(place, SYSLOG, "--workers", 1, "--threads", 4)
        upstream.curl(place)
        upstream.stop(daemon)
        place.clients("get", 8080, 8)
        worker = upstream.children(master.pid)[0]
        upstream.until_asleep(worker, "sendto")
        upstream.until_asleep(worker, "futex", 3)
        sockets.until_quiet(8080, 4)
        self.names = [worker, daemon.pid, r"/log\b"]


class Fifo(Case):
    """nginx, php-fpm: both children in open() of a FIFO that nobody reads"""

    name = "php-fpm-fifo"
    needs = ["php-fpm", "nginx"]
    headline = {"output-blocked", "workers-exhausted"}
    allow = WRITING

    def set_up(self, place):
        fifo = place.path("jobs.fifo")
        place.run("mkfifo", "-m", "666", fifo)
        master, _ = fpm(place, f"<?php file_put_contents('{fifo}', 'job'); echo 'done';")
        place.clients("get", 8080, 5)
        for each in upstream.children(master.pid):
            upstream.until_asleep(each, "wait_for_partner")
        sockets.until_quiet(8080, 5)
        self.mentions = [8080]
        self.names = [*upstream.children(master.pid), r"the FIFO .*jobs\.fifo"]
        self.never = [r"file system"]


class Fuse(Case):
    """Node: the four threads of its pool in files of a FUSE mount whose daemon is stopped"""

    name = "node-fuse-stopped"
    needs = ["node", "python3-fusepy", "curl"]
    headline = {"filesystem-stuck", "process-stopped"}
    allow = WRITING

    def set_up(self, place):
        share = place.path("share")
        os.mkdir(share)
        daemon = upstream.python(place, "fuse", FUSE, share)
        wait("the mount", lambda: os.path.ismount(share))
        server = place.start(packages.path("node"), place.write("server.js", NODE_FILES), share)
        sockets.until_listening(8080)
        upstream.curl(place, path="/a.txt")
        upstream.stop(daemon)
        place.clients("get", 8080, 6, "/b.txt")
        # One asks the daemon; the others wait for the name that it asks for.
        upstream.until_asleep(server.pid, "request_wait_answer")
        upstream.until_asleep(server.pid, "d_alloc_parallel", 3)
        sockets.until_quiet(8080, 6)
        self.mentions = [8080]
        self.names = [server.pid, "/share"]


class Dns(Case):
    """Node: the threads of its pool ask a name server that does not answer; the loop is idle"""

    name = "node-dns-silent"
    needs = ["node", "curl"]
    headline = {"waits-upstream", "request-unanswered"}
    allow = WRITING

    def set_up(self, place):
        # What goes out to this address comes in on loopback again, is nobody's, and is dropped.
        place.run("ip", "route", "add", "192.0.2.53/32", "dev", "lo")
        mine = place.write("resolv.conf", "nameserver 192.0.2.53\noptions timeout:30 attempts:5\n")
        place.run("mount", "--bind", mine, os.path.realpath("/etc/resolv.conf"))
        server = place.start(packages.path("node"), place.write("server.js", NODE_DNS))
        sockets.until_listening(8080)
        upstream.curl(place)
        place.clients("get", 8080, 6, "/rates")
        # Half of its four threads, rounded up, may be in such slow work.
        upstream.until_asleep(server.pid, "poll_schedule", 2)
        sockets.until_quiet(8080, 6)
        self.mentions = [8080]
        self.names = [server.pid, r"192\.0\.2\.53"]


class LogStream(Case):
    """rsyslogd that receives lines over TCP, which it never answers; two senders busy, six quiet"""

    name = "healthy-rsyslog-tcp"
    sick = False
    needs = ["rsyslogd"]

    RECEIVER = """
global(workDirectory="{folder}")
module(load="imtcp")
input(type="imtcp" port="5140" address="127.0.0.1")
action(type="omfile" file="{folder}/messages")
"""

    SENDERS = """
import socket, time
busy = [socket.create_connection(("127.0.0.1", 5140)) for _ in range(2)]
quiet = [socket.create_connection(("127.0.0.1", 5140)) for _ in range(6)]
line = b"<14>Nov 27 13:00:00 host shop: hello\\n"
for each in quiet:
    each.sendall(line)
while True:
    for each in busy:
        each.sendall(line * 20)
    time.sleep(0.1)
"""

    def set_up(self, place):
        config = place.write("rsyslog.conf", self.RECEIVER.format(folder=place.folder))
        pid = place.path("rsyslog.pid")
        place.start(packages.path("rsyslogd"), "-n", "-f", config, "-i", pid)
        sockets.until_listening(5140)
        upstream.python(place, "senders", self.SENDERS)
        sockets.until_held(5140, 8)
        sockets.until_quiet(5140, 6)
        written = place.path("messages")
        wait("a file that grows", lambda: os.path.getsize(written) > 20_000)
