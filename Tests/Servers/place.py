"""Where one case lives: namespaces of its own, a folder of its own, and the processes it starts.

The script runs each case as process 1 of a new network, process and mount namespace, so ports are
always free, the host's other sockets cannot show up in the answer, and when process 1 ends
the kernel ends everything that the case has started.
"""

import os
import pwd
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))

# The servers' own Python packages come from Debian, so they run in Debian's Python.
PYTHON = "/usr/bin/python3"


class CannotSetUp(Exception):
    """The scenario could not be made: says nothing about the tool."""


class NotHere(Exception):
    """This host lacks what the scenario needs."""


class Place:
    def __init__(self, folder):
        self.folder = folder
        self.started = []

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text, mode=0o644):
        """Puts a file into the case's folder and gives its path."""
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def owned_folder(self, name, user):
        """A folder that a server which has given up root can write to."""
        path = self.path(name)
        os.makedirs(path, exist_ok=True)
        account = pwd.getpwnam(user)
        os.chown(path, account.pw_uid, account.pw_gid)
        return path

    def start(self, *argv, user=None, env=None, say=None):
        """Starts a process; what it prints goes to its own log in the folder.

        It finds what it is told on its input, which then stays open, as a terminal does.
        """
        log = open(self.path(f"{len(self.started)}-{os.path.basename(argv[0])}.log"), "wb")
        process = subprocess.Popen(
            [str(word) for word in argv],
            stdin=subprocess.DEVNULL if say is None else subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd=self.folder,
            env={**os.environ, **(env or {})},
            user=user,
            group=user and group_of(user),
            extra_groups=[] if user else None,
            start_new_session=True,
        )
        log.close()
        if say:
            process.stdin.write(say.encode())
            process.stdin.flush()
        self.started.append(process)
        return process

    def run(self, *argv, user=None, seconds=60, text=None, env=None):
        """Runs a command to its end and gives what it printed; a failure is the scenario's."""
        done = subprocess.run(
            [str(word) for word in argv],
            input=text,
            capture_output=True,
            text=True,
            timeout=seconds,
            cwd=self.folder,
            env={**os.environ, **(env or {})},
            user=user,
            group=user and group_of(user),
            extra_groups=[] if user else None,
        )
        if done.returncode:
            raise CannotSetUp(
                f"{argv[0]}: status {done.returncode}: {(done.stderr or done.stdout)[-300:]}"
            )
        return done.stdout

    def clients(self, kind, where, count=1, *more):
        """Clients of one kind, all in one process; see client.py for the kinds."""
        return self.start(PYTHON, os.path.join(HERE, "client.py"), kind, where, count, *more)

    def empty_group(self, path):
        """Makes a control group, which the script takes away when the case's processes are gone."""
        os.mkdir(path)
        with open(self.path("groups"), "a") as file:
            file.write(path + "\n")
        return path


def group_of(user):
    return pwd.getpwnam(user).pw_gid


def wait(what, condition, seconds=30):
    """Waits until the condition holds and gives its value; never longer than needed."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise CannotSetUp(f"waited {seconds} s in vain for {what}")
        time.sleep(0.05)


def answers(where):
    """Whether somebody listens at a port or a unix path."""
    try:
        with connected(where):
            return True
    except OSError:
        return False


def connected(where):
    if isinstance(where, int):
        return socket.create_connection(("127.0.0.1", where), 2)
    opened = socket.socket(socket.AF_UNIX)
    opened.settimeout(2)
    try:
        opened.connect(where)
    except OSError:
        opened.close()
        raise
    return opened


def warn(text):
    print(text, file=sys.stderr)
