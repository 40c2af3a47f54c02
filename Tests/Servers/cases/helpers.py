"""Servers that wait for helpers, or hand their listener to one."""

import os
import re
import shutil

import sockets
from case import BEHIND, QUEUE, Case
from place import PYTHON, CannotSetUp, wait

# Every request asks one helper process through pipes, under the lock of its buffered reader.
ASKS_HELPER = """
import http.server, subprocess, sys
helper = subprocess.Popen([sys.executable, HELPER], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        helper.stdin.write(b"x\\n")
        helper.stdin.flush()
        answer = helper.stdout.readline()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(answer)
http.server.ThreadingHTTPServer(("127.0.0.1", 8080), Handler).serve_forever()
"""

HELPER = """
import fcntl, sys
file = open(FILE, "w")
for line in sys.stdin:
    fcntl.flock(file, fcntl.LOCK_EX)
    print("ok", flush=True)
"""

HOLDER = """
import fcntl, time
file = open(FILE, "w")
fcntl.flock(file, fcntl.LOCK_EX)
time.sleep(600)
"""

ASKS_CHILD = """
import http.server, subprocess
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        answer = subprocess.check_output(["curl", "-s", "http://127.0.0.1:9000/"])
        self.send_response(200)
        self.end_headers()
        self.wfile.write(answer)
http.server.ThreadingHTTPServer(("127.0.0.1", 8080), Handler).serve_forever()
"""

# Reads a request, and then waits for the next client.
FORGETS = """
import socket
listener, kept = socket.create_server(("127.0.0.1", 9000)), []
while True:
    client, _ = listener.accept()
    client.recv(9000)
    kept.append(client)
"""

SEMAPHORE = """
use IO::Socket::INET;
my $id = semget(4711, 1, 0600 | 01000);
if ($ARGV[0] eq "hold") {
  semctl($id, 0, 16, 1);
  semop($id, pack("s!3", 0, -1, 0));
  print "held\\n"; $| = 1; print "";
  sleep 600;
}
my $listener = IO::Socket::INET->new(
  LocalAddr => "127.0.0.1", LocalPort => 8080, Listen => 20, ReuseAddr => 1) or die;
for (1 .. 2) {
  next if fork;
  while (my $client = $listener->accept) {
    my $line = <$client>;
    semop($id, pack("s!3", 0, -1, 0));
    close $client;
  }
}
sleep 600;
"""


def ask(place, app):
    """Five requests to an application, none of which it answers."""
    place.start(PYTHON, place.write("app.py", app))
    sockets.until_listening(8080)
    place.clients("get", 8080, 5)
    sockets.until_quiet(8080, 5)


class HelperLock(Case):
    """A threaded server, one helper behind pipes, and a file lock that the helper does not get"""

    name = "python-helper-lock"
    headline = {"lock-wait"}
    allow = BEHIND

    def set_up(self, place):
        lock = place.path("lock")
        holder = place.start(PYTHON, place.write("holder.py", HOLDER.replace("FILE", repr(lock))))
        wait("the lock", lambda: any(str(holder.pid) in line for line in open("/proc/locks")))
        helper = place.write("helper.py", HELPER.replace("FILE", repr(lock)))
        ask(place, ASKS_HELPER.replace("HELPER", repr(helper)))
        self.names = [holder.pid, r"lock on .*/lock", r"5 requests to 127.0.0.1:8080"]


class ChildAsks(Case):
    """A threaded server whose children ask a server that waits for its next client instead"""

    name = "python-child-asks"
    needs = ["curl"]
    headline = {"request-unanswered"}
    allow = BEHIND

    def set_up(self, place):
        other = place.start(PYTHON, place.write("forgets.py", FORGETS))
        sockets.until_listening(9000)
        ask(place, ASKS_CHILD)
        self.names = [other.pid, r"127.0.0.1:9000", r"5 requests"]


class Semaphore(Case):
    """Perl: both workers wait for a System V semaphore that another process has"""

    name = "perl-semaphore"
    needs = ["perl"]
    headline = {"workers-exhausted"}
    allow = QUEUE | {"receive-stuck"}

    def set_up(self, place):
        script = place.write("shop.pl", SEMAPHORE)
        place.start("perl", script, "hold")
        wait("the semaphore", lambda: " 4711 " in open("/proc/sysvipc/sem").read())
        place.start("perl", script, "serve")
        sockets.until_listening(8080)
        place.clients("text", 8080, 6, "hello\\r\\n")
        sockets.until_queued(8080, 4)
        self.names = [r"both worker processes", r"semaphore set \d+", r"ipcs -s -i"]


class InetdWait(Case):
    """inetd that has handed its listener to a program, which sleeps"""

    name = "inetd-wait"
    needs = ["inetd"]
    headline = {"server-blocked", "workers-exhausted"}

    def set_up(self, place):
        text = "127.0.0.1:8080 stream tcp wait nobody /bin/sleep sleep 600\n"
        place.start("inetd", "-i", place.write("inetd.conf", text))
        sockets.until_listening(8080)
        place.clients("get", 8080, 6)
        sockets.until_queued(8080, 6)
        self.names = [r"sleep \(pid \d+\)"]


class Inetd(Case):
    """inetd that starts a program for each client, all of which are silent"""

    name = "healthy-inetd"
    sick = False
    needs = ["inetd"]

    def set_up(self, place):
        text = "127.0.0.1:8080 stream tcp nowait nobody /bin/cat cat\n"
        place.start("inetd", "-i", place.write("inetd.conf", text))
        sockets.until_listening(8080)
        place.clients("silent", 8080, 6)
        sockets.until_held(8080, 6)


class Postfix(Case):
    """Postfix at its limit of two smtpd, both with clients that say nothing"""

    name = "postfix-limit"
    needs = ["postfix"]
    headline = {"workers-exhausted"}
    allow = QUEUE | {"receive-stuck"}

    MAIN = """
compatibility_level=3.6
queue_directory=FOLDER/spool
data_directory=FOLDER/lib
myhostname=a.test
inet_interfaces=127.0.0.1
maillog_file=/dev/stdout
"""

    def set_up(self, place):
        os.chmod(place.folder, 0o755)
        os.makedirs(place.path("spool"))
        place.owned_folder("lib", "postfix")
        os.makedirs(place.path("etc"))
        for each in os.scandir("/etc/postfix"):
            if each.is_file():
                shutil.copy(each.path, place.path(f"etc/{each.name}"))
        known = "/usr/share/postfix/master.cf.dist"
        known = place.path("etc/master.cf") if not os.path.exists(known) else known
        if not os.path.exists(known):
            raise CannotSetUp("postfix has no master.cf")
        text = re.sub(
            r"^smtp\s+inet .*$", "127.0.0.1:8025 inet n - n - 2 smtpd", open(known).read(), flags=re.M
        )
        chroot = r"^(\S+\s+(?:unix|fifo|inet|unix-dgram)\s+\S+\s+\S+\s+)y"
        place.write("etc/master.cf", re.sub(chroot, r"\1n", text, flags=re.M))
        place.write("etc/main.cf", self.MAIN.replace("FOLDER", place.folder))
        place.start("/usr/sbin/postfix", "-c", place.path("etc"), "start-fg")
        sockets.until_listening(8025)
        place.clients("silent", 8025, 8)
        sockets.until_held(8025, 2)
        sockets.until_queued(8025, 6)
        self.names = [r"both worker processes wait for silent clients", r"smtpd"]
