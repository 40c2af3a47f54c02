"""Programs that ask a person at a terminal, and a login that waits for a script."""

import os
import pty
import signal
import time

import look
import packages
import sockets
import upstream
from case import BEHIND, Case
from place import PYTHON, wait

ASKS = """
import http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        DOES
        self.send_response(200)
        self.end_headers()
""" + upstream.THREADED

# Polls that are answered when there is news, and a thread that reads orders at the console.
CONSOLE = """
import http.server, sys, threading
news = threading.Event()
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        news.wait()
def console():
    for line in sys.stdin:
        print("nothing to do", flush=True)
threading.Thread(target=console, daemon=True).start()
""" + upstream.THREADED

STREAMS = """
import http.server, time
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        while True:
            self.wfile.write(b"tick")
            time.sleep(0.5)
""" + upstream.THREADED

# Says that nothing more will come, and reads on.
READS_ON = """
import select, socket
kept = [socket.create_connection(("127.0.0.1", 8080)) for _ in range(25)]
for each in kept:
    each.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
    each.shutdown(socket.SHUT_WR)
while True:
    for each in select.select(kept, [], [])[0]:
        each.recv(9000)
"""


def at_terminal(place, text):
    """A server whose standard input and output are a terminal; answers our end of that."""
    ours, theirs = pty.openpty()
    script = place.write("server.py", text)
    command = f"exec {PYTHON} {script} </dev/pts/{os.ttyname(theirs).split('/')[-1]} >&0"
    server = place.start("sh", "-c", command)
    os.close(theirs)
    sockets.until_listening(8080)
    return server, ours


class Question(Case):
    """A thread asks at the server's terminal; three more wait for its lock on the standard input"""

    name = "python-asks-terminal"
    headline = {"lock-wait", "request-unanswered"}
    allow = BEHIND

    def set_up(self, place):
        server, self.terminal = at_terminal(place, ASKS.replace("DOES", "input('password: ')"))
        place.clients("get", 8080, 4)
        upstream.until_asleep(server.pid, "read(")
        sockets.until_quiet(8080, 4)
        self.names = [server.pid, r"input at the terminal /dev/pts/\d+"]


class ChildQuestion(Case):
    """A thread waits for a child that asks for a password at the server's terminal"""

    name = "python-child-asks-terminal"
    headline = {"request-unanswered"}
    allow = BEHIND

    def set_up(self, place):
        does = "import subprocess; subprocess.run(['sh', '-c', 'read password; echo $password'])"
        server, self.terminal = at_terminal(place, ASKS.replace("DOES", does))
        place.clients("get", 8080, 1)
        wait("the child", lambda: upstream.children(server.pid) != [])
        sockets.until_quiet(8080, 1)
        self.names = [server.pid, upstream.children(server.pid)[0], r"input at the terminal"]


class LoginHook(Case):
    """sshd: three logins wait for a script that PAM runs, and that hangs"""

    name = "sshd-pam-script"
    needs = ["sshd", "ssh"]
    headline = {"receive-stuck", "request-unanswered"}
    allow = BEHIND

    PAM = "auth required pam_permit.so\naccount required pam_permit.so\nsession required pam_exec.so /bin/sleep 600\n"

    def set_up(self, place):
        os.makedirs("/run/sshd", exist_ok=True)
        place.run("mount", "--bind", place.write("pam", self.PAM), "/etc/pam.d/sshd")
        for each in ("host", "user"):
            place.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", place.path(each))
        words = ["-f", "/dev/null", "-h", place.path("host"), "-p", 8022, "-o", "UsePAM yes"]
        words += ["-o", f"AuthorizedKeysFile {place.path('user.pub')}", "-o", "StrictModes no"]
        place.start(packages.path("sshd"), "-D", "-e", "-o", "ListenAddress 127.0.0.1", *words)
        sockets.until_listening(8022)
        known = ["-o", "StrictHostKeyChecking no", "-o", "UserKnownHostsFile /dev/null"]
        for _ in range(3):
            place.start("ssh", *known, "-i", place.path("user"), "-p", 8022, "root@127.0.0.1", "true")
        wait("three scripts", lambda: len(self.scripts()) == 3)
        sockets.until_quiet(8022, 3)
        self.names = [r"3 processes sshd", r"sleep \(pid \d+\)"]

    def scripts(self):
        return [each for each in look.pids() if look.read(f"/proc/{each}/comm") == "sleep\n"]


class Console(Case):
    """Thirty long polls, and a thread that reads orders at the server's terminal; one came later"""

    name = "healthy-console"
    sick = False

    def set_up(self, place):
        server, self.terminal = at_terminal(place, CONSOLE)
        place.clients("get", 8080, 30)
        sockets.until_quiet(8080, 30, 1)
        os.write(self.terminal, b"status\n")
        answered = time.monotonic()
        sockets.until_quiet(8080, 30)
        wait("the console", lambda: time.monotonic() > answered + 2)


class Pager(Case):
    """nginx: one download is shown in a pager, another one was stopped with Ctrl-Z"""

    name = "healthy-pager"
    sick = False
    needs = ["nginx", "curl", "less"]

    def set_up(self, place):
        os.chmod(place.folder, 0o755)
        with open(place.path("big"), "wb") as file:
            file.write(b"a line\n" * 6_000_000)
        upstream.nginx(place, f"root {place.folder};")
        self.terminals = []
        for words in ("-s http://127.0.0.1:8080/big | less", "-s http://127.0.0.1:8080/big >big2"):
            ours, theirs = pty.openpty()
            name = os.ttyname(theirs)
            rate = "" if "less" in words else "--limit-rate 500k"
            command = f"exec 0<{name} 1>&0 2>&0; export TERM=xterm; curl {rate} {words}"
            place.start("sh", "-c", command)
            self.terminals.append(ours)
        wait("two downloads", lambda: len(curls()) == 2)
        shown = [each for each in curls() if "limit" not in look.read(f"/proc/{each}/cmdline")][0]
        upstream.until_asleep(shown, "write(")
        os.kill([each for each in curls() if each != shown][0], signal.SIGSTOP)
        sockets.until_held(8080, 2)
        sockets.until_quiet(8080, 2)


def curls():
    return [each for each in look.pids() if look.read(f"/proc/{each}/comm") == "curl\n"]


class HalfClosed(Case):
    """A server that streams to 25 clients that have closed their own side, as nc -N does"""

    name = "healthy-half-closed"
    sick = False

    def set_up(self, place):
        place.start(PYTHON, place.write("server.py", STREAMS))
        sockets.until_listening(8080)
        place.start(PYTHON, place.write("client.py", READS_ON))
        sockets.until_count("close-wait", 25)
        sockets.until_quiet(8080, 25)
