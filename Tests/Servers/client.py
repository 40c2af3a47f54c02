"""Clients that behave in one named way, with plain sockets: client.py KIND WHERE COUNT [MORE]

WHERE is a port on loopback or a unix path. Connections that are refused a place in the queue stay
in connect, as real clients do. Each kind is one function below.
"""

import os
import select
import signal
import socket
import sys
import time


def opened(where, wait=False):
    if not where.isdigit():
        made = socket.socket(socket.AF_UNIX)
        made.connect(where)
        return made
    made = socket.socket()
    made.setblocking(wait)
    try:
        made.connect(("127.0.0.1", int(where)))
    except BlockingIOError:
        pass
    return made


def say_when_connected(sockets, text):
    """Sends to each as it gets connected, and then reads whatever comes, for ever."""
    poll = select.poll()
    unsaid = {made.fileno(): made for made in sockets}
    for number in unsaid:
        poll.register(number, select.POLLOUT)
    every = dict(unsaid)
    while every:
        for number, event in poll.poll():
            if number in unsaid and not event & (select.POLLERR | select.POLLHUP):
                unsaid.pop(number).send(text)
                poll.modify(number, select.POLLIN)
            elif not receive(every[number]):
                poll.unregister(number)
                every.pop(number).close()


def receive(made):
    try:
        return made.recv(65536)
    except OSError:
        return b""


def half(where, count):
    """Half a request, and never the rest: the client of a slowloris attack."""
    text = b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\nContent-Type: text/plain\r\n"
    say_when_connected([opened(where) for _ in range(count)], text)


def half_head(where, count):
    """Not even a whole head."""
    say_when_connected([opened(where) for _ in range(count)], b"GET / HTTP/1.1\r\nHost: te")


def deaf(where, count):
    """A whole request each, and never reads the answer."""
    held = [opened(where, wait=True) for _ in range(count)]
    for made in held:
        made.sendall(b"GET / HTTP/1.0\r\n\r\n")
    signal.pause()


def get(where, count, path="/"):
    """One whole request each, waiting for the answer."""
    text = f"GET {path} HTTP/1.1\r\nHost: test\r\n\r\n".encode()
    say_when_connected([opened(where) for _ in range(count)], text)


def text(where, count, words):
    """Sends the words, with \\n and \\r understood, and waits."""
    words = words.encode().decode("unicode_escape").encode("latin-1")
    say_when_connected([opened(where) for _ in range(count)], words)


def silent(where, count):
    """Connects and says nothing; does not even wait for anything."""
    held = [opened(where) for _ in range(count)]
    signal.pause()
    del held


def answered(where, count):
    """One request each with its answer, then the idle connections are kept for the next."""
    held = []
    for _ in range(count):
        made = opened(where, wait=True)
        made.sendall(b"GET / HTTP/1.1\r\nHost: test\r\nConnection: keep-alive\r\n\r\n")
        whole(made)
        held.append(made)
    signal.pause()


def whole(made):
    """Reads an answer to its end, in as many pieces as it comes."""
    text = made.recv(65536)
    head, _, body = text.partition(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            missing = int(value) - len(body)
            while missing > 0:
                missing -= len(made.recv(missing))


def ask(where, count):
    """Asks again and again over kept connections: a healthy load."""
    held = [opened(where, wait=True) for _ in range(count)]
    while True:
        for made in held:
            made.sendall(b"GET / HTTP/1.1\r\nHost: test\r\n\r\n")
        for made in held:
            if not made.recv(65536):
                sys.exit("the server hung up")
        time.sleep(0.002)


def leaving(where, count):
    """So many connections that ask and hang up without waiting."""
    for _ in range(count):
        made = opened(where, wait=True)
        made.sendall(b"GET / HTTP/1.0\r\n\r\n")
        made.close()
    signal.pause()


def served(where, count):
    """So many connections that ask, read the answer, and hang up."""
    for _ in range(count):
        made = opened(where, wait=True)
        made.sendall(b"GET / HTTP/1.1\r\nHost: test\r\n\r\n")
        made.recv(65536)
        made.close()
    signal.pause()


def burst(where, count):
    """So many connections at once, all answered, every tenth of a second."""
    while True:
        held = [opened(where) for _ in range(count)]
        for made in held:
            made.setblocking(True)
            made.sendall(b"GET / HTTP/1.0\r\nHost: test\r\n\r\n")
        for made in held:
            while made.recv(65536):
                pass
            made.close()
        time.sleep(0.1)


def fcgi(where, count):
    """FastCGI requests for the script in FCGI_SCRIPT, each from a process of its own."""
    for _ in range(count - 1):
        if os.fork() == 0:
            break
    made = opened(where, wait=True)
    made.sendall(fcgi_request(os.environ["FCGI_SCRIPT"]))
    while made.recv(65536):
        pass
    signal.pause()


def fcgi_request(script):
    def record(kind, body):
        return bytes([1, kind, 0, 1]) + len(body).to_bytes(2, "big") + b"\0\0" + body

    def pair(name, value):
        return bytes([len(name), len(value)]) + name.encode() + value.encode()

    names = {"SCRIPT_FILENAME": script, "REQUEST_METHOD": "GET", "SERVER_PROTOCOL": "HTTP/1.1"}
    body = b"".join(pair(*both) for both in names.items())
    return record(1, b"\0\1\0\0\0\0\0\0") + record(4, body) + record(4, b"") + record(5, b"")


def datagrams(where, count):
    """Datagrams to a port, a few each hundredth of a second."""
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.connect(("127.0.0.1", int(where)))
    made.setblocking(False)
    while True:
        for _ in range(count):
            made.send(b"q" * 500)
        time.sleep(0.01)
        while receive(made):
            pass


KINDS = [
    half,
    half_head,
    deaf,
    get,
    text,
    silent,
    answered,
    ask,
    leaving,
    served,
    burst,
    fcgi,
    datagrams,
]

if __name__ == "__main__":
    kind, where, count, *more = sys.argv[1:]
    {each.__name__: each for each in KINDS}[kind](where, int(count), *more)
