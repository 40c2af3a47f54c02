"""More work than the processors can do, and as much as they can do."""

import look
import packages
import sockets
import upstream
from case import BEHIND, Case
from cases.nested import fpm
from place import wait

# Counts processor time, so that it is the same work on a slow and on a busy host.
NODE = """
const used = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
require('http').createServer((request, response) => {
  const end = used() + Number(process.argv[2]);
  while (used() < end) { }
  response.end('hello');
}).listen(8080, '127.0.0.1');
"""

PHP = """<?php
function used() { $u = getrusage();
  return $u['ru_utime.tv_sec'] + $u['ru_stime.tv_sec']
    + ($u['ru_utime.tv_usec'] + $u['ru_stime.tv_usec']) / 1e6; }
$end = used() + 0.4;
while (used() < $end) { }
echo 'hello';
"""

# Four clients come each second whether the ones before have been served or not.
ARRIVALS = """
import sys, time, urllib.request, threading
def ask():
    urllib.request.urlopen("http://127.0.0.1:8080/", timeout=600).read()
while True:
    threading.Thread(target=ask, daemon=True).start()
    time.sleep(1 / float(sys.argv[1]))
"""


class Node(Case):
    """Node computes 0.4 s for each request, and seven come each second: all wait, none for ever"""

    name = "node-overload"
    needs = ["node"]
    headline = {"overloaded"}
    allow = BEHIND | {"event-loop-blocked"}

    def set_up(self, place):
        script = place.write("server.js", NODE)
        server = place.start(packages.path("node"), script, 400)
        sockets.until_listening(8080)
        upstream.python(place, "arrivals", ARRIVALS, 7)
        wait("thirty that wait", lambda: sockets.count("established", "dport = :8080") >= 30)
        sockets.until_quiet(8080, 3, 4)
        self.mentions = [8080]
        self.names = [server.pid, r"(?i)comput|processor|CPU"]
        self.never = [r"\b(is|are) stuck", "answers nobody"]


class Php(Case):
    """nginx, php-fpm: both children compute all the time, and the queue never empties"""

    name = "php-fpm-overload"
    needs = ["php-fpm", "nginx"]
    headline = {"overloaded"}
    allow = BEHIND

    def set_up(self, place):
        master, _ = fpm(place, PHP)
        upstream.python(place, "arrivals", ARRIVALS, 10)
        socket = place.path("php.sock")
        sockets.until_queued(socket, 20)
        sockets.until_quiet(8080, 3, 4)
        self.names = [r"php\.sock", r"(?i)comput|processor|CPU"]
        self.never = [r"\b(is|are) stuck", "answers nobody"]


class NodeBusy(Case):
    """Node whose only thread computes nine tenths of the time, and answers in time"""

    name = "healthy-node-busy"
    sick = False
    needs = ["node"]

    # One client that thinks a little between two requests.
    CLIENT = """
import http.client, time
made = http.client.HTTPConnection("127.0.0.1", 8080)
while True:
    made.request("GET", "/")
    made.getresponse().read()
    time.sleep(0.004)
"""

    def set_up(self, place):
        server = place.start(packages.path("node"), place.write("server.js", NODE), 40)
        sockets.until_listening(8080)
        upstream.python(place, "client", self.CLIENT)
        wait("two seconds of work", lambda: used(server.pid) > 200)


class PhpBusy(Case):
    """nginx, php-fpm: both children taken nearly always, by requests of 30 ms"""

    name = "healthy-php-fpm-load"
    sick = False
    needs = ["php-fpm", "nginx", "wrk"]

    def set_up(self, place):
        fpm(place, "<?php usleep(30000); echo 'hello';")
        place.start(packages.path("wrk"), "-t1", "-c3", "-d600s", "http://127.0.0.1:8080/")
        sockets.until_held(8080, 3)
        wait("requests", lambda: sum(each < 300 for each in sockets.received(8080)) >= 3)


def used(pid):
    """The processor time of a process, in hundredths of a second."""
    words = look.read(f"/proc/{pid}/stat").rsplit(")", 1)[1].split()
    return int(words[11]) + int(words[12])
