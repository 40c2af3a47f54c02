"""Servers that wait for helpers, or hand their listener to one."""

import os
import re
import shutil
import signal

import look
import packages
import sockets
import upstream
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

    def set_up(self, place):
        postfix(place, 2)
        place.clients("silent", 8025, 8)
        sockets.until_held(8025, 2)
        sockets.until_queued(8025, 6)
        self.names = [r"both worker processes wait for silent clients", r"smtpd"]


class PostfixRewrite(Case):
    """Postfix: each smtpd polls a unix socket in the queue of trivial-rewrite, which is stopped"""

    name = "postfix-rewrite-stopped"
    needs = ["postfix"]
    headline = {"process-stopped"}
    allow = BEHIND

    MAIL = """
import smtplib, time
server = smtplib.SMTP("127.0.0.1", 8025)
server.helo("a.test")
server.mail("a@a.test")
print(server.rcpt("root@a.test"), flush=True)
time.sleep(600)
"""

    def set_up(self, place):
        postfix(place, 20)
        script = place.write("mail.py", self.MAIL)
        place.start(PYTHON, script)
        wait("trivial-rewrite", lambda: self.rewriters() != [])
        sockets.until_quiet(8025, 0)
        rewriter = self.rewriters()[0]
        os.kill(rewriter, signal.SIGSTOP)
        for _ in range(4):
            place.start(PYTHON, script)
        sockets.until_quiet(8025, 4)
        self.names = [rewriter, r"4 requests to 127\.0\.0\.1:8025", r"private/rewrite"]

    def rewriters(self):
        name = "trivial-rewrite\n"
        return [each for each in look.pids() if look.read(f"/proc/{each}/comm") == name]


MAIN = """
compatibility_level=3.6
queue_directory=FOLDER/spool
data_directory=FOLDER/lib
myhostname=a.test
inet_interfaces=127.0.0.1
maillog_file=/dev/stdout
"""


def postfix(place, limit):
    """Postfix on port 8025 with so many smtpd at the most."""
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
    line = f"127.0.0.1:8025 inet n - n - {limit} smtpd"
    text = re.sub(r"^smtp\s+inet .*$", line, open(known).read(), flags=re.M)
    chroot = r"^(\S+\s+(?:unix|fifo|inet|unix-dgram)\s+\S+\s+\S+\s+)y"
    place.write("etc/master.cf", re.sub(chroot, r"\1n", text, flags=re.M))
    place.write("etc/main.cf", MAIN.replace("FOLDER", place.folder))
    place.start("/usr/sbin/postfix", "-c", place.path("etc"), "start-fg")
    sockets.until_listening(8025)


# Takes a lock in shared memory and is killed; its brothers want it for each request.
DEAD_OWNER = """
import multiprocessing, os, signal, socket
lock, listener = multiprocessing.Lock(), socket.create_server(("127.0.0.1", 8080), backlog=20)
def work():
    while True:
        client, _ = listener.accept()
        client.recv(9000)
        with lock:
            client.sendall(b"hello")
        client.close()
def owner():
    lock.acquire()
    os.kill(os.getpid(), signal.SIGKILL)
first = multiprocessing.Process(target=owner)
first.start()
first.join()
for _ in range(3):
    multiprocessing.Process(target=work).start()
signal.pause()
"""


class DeadOwner(Case):
    """Three worker processes at a lock in shared memory, whose owner was killed"""

    name = "prefork-dead-lock-owner"
    headline = {"request-unanswered", "lock-wait", "workers-exhausted"}
    allow = QUEUE

    def set_up(self, place):
        server = place.start(PYTHON, place.write("prefork.py", DEAD_OWNER))
        sockets.until_listening(8080)
        place.clients("get", 8080, 6)
        sockets.until_queued(8080, 3)
        wait("three", lambda: len(upstream.children(server.pid)) == 3)
        for each in upstream.children(server.pid):
            upstream.until_asleep(each, "futex")
        sockets.until_quiet(8080, 3)
        self.names = [r"3 requests to 127\.0\.0\.1:8080", r"shared memory", r"ended without"]


# The first worker waits for ever in its event loop's own thread; the second answers.
CLUSTER = """
const cluster = require('cluster'), http = require('http');
if (cluster.isMaster) for (const number of [0, 1]) cluster.fork({ NUMBER: number });
else http.createServer((request, response) => {
  const word = new Int32Array(new SharedArrayBuffer(4));
  if (process.env.NUMBER === '0' && request.url === '/wait') Atomics.wait(word, 0, 0);
  response.end('hello');
}).listen(8080, '127.0.0.1');
"""


class Cluster(Case):
    """Node's cluster: one of two workers waits at a lock in its loop; its clients hang"""

    name = "node-cluster-lock"
    needs = ["node"]
    headline = {"request-unanswered", "event-loop-blocked", "lock-wait"}
    allow = BEHIND

    def set_up(self, place):
        server = place.start(packages.path("node"), place.write("server.js", CLUSTER))
        sockets.until_listening(8080)
        wait("two workers", lambda: len(upstream.children(server.pid)) == 2)
        place.clients("get", 8080, 4, "/wait")
        first = upstream.children(server.pid)[0]
        wait("its loop at a lock", lambda: "futex" in look.thread(first, first))
        sockets.until_quiet(8080, 1)
        self.names = [first, r"a lock"]
