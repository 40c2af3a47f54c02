"""Applications that wait for another server, or for themselves."""

import os

import packages
import sockets
import upstream
from case import QUEUE, Case
from place import PYTHON, wait

RESOLVER = """
import socket, time
made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
made.bind(("127.0.0.1", 53))
time.sleep(600)
"""

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
    allow = QUEUE | {"server-blocked", "workers-exhausted", "wait-cycle", "waits-upstream"}

    def set_up(self, place):
        start(place, 8000, "127.0.0.1:8000")
        place.clients("get", 8000, 1)
        sockets.until_held(8000, 1)
        sockets.until_queued(8000, 1)
        place.clients("get", 8000, 8)
        sockets.until_full(8000)
        self.mentions = [8000]


class EachOther(Case):
    """Two gunicorns with one worker each, whose applications ask each other"""

    name = "gunicorn-ring"
    needs = ["gunicorn"]
    headline = {"wait-cycle"}
    allow = QUEUE | {"server-blocked", "workers-exhausted", "self-call", "waits-upstream"}

    def set_up(self, place):
        start(place, 8000, "127.0.0.1:8001")
        start(place, 8001, "127.0.0.1:8000")
        place.clients("get", 8000, 1)
        sockets.until_held(8000, 1)
        sockets.until_queued(8000, 1)
        place.clients("get", 8000, 8)
        sockets.until_full(8000)
        self.mentions = [8000, 8001]


class ResolverSilent(Case):
    """gunicorn whose worker asks a name server that does not answer, again every five seconds"""

    name = "gunicorn-dns-silent"
    needs = ["gunicorn"]
    headline = {"workers-exhausted", "server-blocked", "waits-upstream"}
    allow = QUEUE | {"workers-exhausted", "server-blocked", "receive-stuck"}

    def set_up(self, place):
        # The mount namespace is the case's own.
        mine = place.write("resolv.conf", "nameserver 127.0.0.1\noptions timeout:30 attempts:5\n")
        place.run("mount", "--bind", mine, os.path.realpath("/etc/resolv.conf"))
        place.start(PYTHON, place.write("resolver.py", RESOLVER))
        wait("the resolver", lambda: sockets.rows("-uan", "sport = :53"))
        start(place, 8000, "nowhere.test")
        place.clients("get", 8000, 12)
        sockets.until_held(8000, 1)
        sockets.until_full(8000)
        self.mentions = [8000]


class RemoteSilent(Case):
    """gunicorn whose workers wait for a remote server that answers nothing, not even a SYN"""

    name = "gunicorn-remote-silent"
    needs = ["gunicorn"]
    headline = {"connect-stuck", "waits-upstream"}
    allow = QUEUE | {"server-blocked", "workers-exhausted", "retransmitting"}

    def set_up(self, place):
        # What goes out to this address comes in on loopback again, is nobody's, and is dropped.
        place.run("ip", "route", "add", "192.0.2.9/32", "dev", "lo")
        start(place, 8000, "192.0.2.9:80")
        place.clients("get", 8000, 12)
        sockets.until_held(8000, 1)
        sockets.until_full(8000)
        self.mentions = [8000, "192.0.2.9"]


# Polls that are answered when there is news, beside requests that take long.
POLLS = """
import http.server, subprocess, threading, time, urllib.request
news = threading.Event()
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/child":
            subprocess.run(["sleep", "600"])
        elif self.path == "/service":
            urllib.request.urlopen("http://127.0.0.1:9000/").read()
        elif self.path == "/sleep":
            time.sleep(600)
        else:
            news.wait()
""" + upstream.THREADED

NODE_POLLS = """
const http = require('http'), { exec } = require('child_process');
http.createServer((request, response) => {
  if (request.url === '/child') exec('sleep 600', () => response.end());
  if (request.url === '/service') http.get('http://127.0.0.1:9000/', (a) => a.pipe(response));
}).listen(8080, '127.0.0.1');
"""

SLOW = """
import http.server, time
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(600)
http.server.ThreadingHTTPServer(("127.0.0.1", 9000), Handler).serve_forever()
"""


def polls_and_work(place, paths):
    """Long polls before and after requests that take long, which keep nobody."""
    upstream.python(place, "slow", SLOW)
    sockets.until_listening(9000)
    place.clients("get", 8080, 8)
    sockets.until_quiet(8080, 8, 1)
    for each in paths:
        place.clients("get", 8080, 1, each)
    sockets.until_quiet(8080, 8 + len(paths), 1)
    place.clients("get", 8080, 8)
    sockets.until_quiet(8080, 16 + len(paths))


class PollsAndWork(Case):
    """Long polls, a thread for each, beside a child, a slow service and a sleep that keep nobody"""

    name = "healthy-polls-and-work"
    sick = False

    def set_up(self, place):
        upstream.python(place, "server", POLLS)
        sockets.until_listening(8080)
        polls_and_work(place, ["/child", "/service", "/sleep"])


class NodePolls(Case):
    """Node: long polls beside one request to a slow service and one that runs a child"""

    name = "healthy-node-polls"
    sick = False
    needs = ["node"]

    def set_up(self, place):
        place.start(packages.path("node"), place.write("server.js", NODE_POLLS))
        sockets.until_listening(8080)
        polls_and_work(place, ["/service", "/child"])
