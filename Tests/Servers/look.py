"""What a case looks like from outside: queues, and what each thread sleeps in. For people, and for
comparing with what sockinspect makes of it; shares no code with it."""

import os
import re
import struct
import subprocess
from collections import Counter

# x86-64 numbers of the calls that servers sleep in.
CALLS = {
    0: "read",
    1: "write",
    7: "poll",
    20: "writev",
    23: "select",
    34: "pause",
    35: "nanosleep",
    42: "connect",
    43: "accept",
    44: "sendto",
    45: "recvfrom",
    46: "sendmsg",
    47: "recvmsg",
    61: "wait4",
    65: "semop",
    72: "fcntl",
    73: "flock",
    128: "rt_sigtimedwait",
    130: "rt_sigsuspend",
    202: "futex",
    220: "semtimedop",
    230: "clock_nanosleep",
    232: "epoll_wait",
    247: "waitid",
    270: "pselect6",
    271: "ppoll",
    281: "epoll_pwait",
    288: "accept4",
    441: "epoll_pwait2",
}
FIRST_IS_DESCRIPTOR = {0, 1, 20, 42, 43, 44, 45, 46, 47, 72, 73, 232, 281, 288, 441}


def read(path):
    try:
        with open(path, errors="replace") as file:
            return file.read()
    except OSError as error:
        return f"({error.strerror})"


def link(path):
    try:
        return os.readlink(path)
    except OSError:
        return "?"


def pids(besides=()):
    return sorted(
        int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) not in besides
    )


def polled(pid, words):
    """The descriptors of a poll, from the memory of who waits in it."""
    try:
        with open(f"/proc/{pid}/mem", "rb") as memory:
            memory.seek(int(words[1], 16))
            array = memory.read(8 * min(int(words[2], 16), 64))
    except (OSError, ValueError):
        return "unreadable"
    entries = [struct.unpack_from("ihh", array, at) for at in range(0, len(array) - 7, 8)]
    shown = " ".join(
        f"{fd}:{events:#x}={link(f'/proc/{pid}/fd/{fd}')}" for fd, events, _ in entries[:4]
    )
    return shown + (f" and {len(entries) - 4} more" if len(entries) > 4 else "")


def call(pid, line):
    words = line.split()
    if not words or not words[0].lstrip("-").isdigit():
        return line.strip()
    number = int(words[0])
    text = f"{number} {CALLS.get(number, '?')}({', '.join(words[1:7])})"
    if number in FIRST_IS_DESCRIPTOR:
        text += f" fd {int(words[1], 16)} = {link(f'/proc/{pid}/fd/{int(words[1], 16)}')}"
    if number in (7, 271):
        text += f" [{polled(pid, words)}]"
    return text


def thread(pid, tid):
    folder = f"/proc/{pid}/task/{tid}"
    state = re.search(r"\) (\S)", read(f"{folder}/stat"))
    name = read(f"{folder}/comm").strip()
    asleep_in = f"{call(pid, read(f'{folder}/syscall'))} wchan={read(f'{folder}/wchan')}"
    return f"{name} {state.group(1) if state else '?'} {asleep_in}"


def threads(pid):
    try:
        tids = sorted(int(name) for name in os.listdir(f"/proc/{pid}/task"))
    except OSError:
        return
    for text, number in Counter(thread(pid, tid) for tid in tids).items():
        yield f"    {number} x {text}"


def epolls(pid):
    for number in sorted(os.listdir(f"/proc/{pid}/fd"), key=int):
        if link(f"/proc/{pid}/fd/{number}") == "anon_inode:[eventpoll]":
            watched = re.findall(
                r"tfd:\s*(\d+) events:\s*(\w+)", read(f"/proc/{pid}/fdinfo/{number}")
            )
            yield f"    epoll fd {number}: " + " ".join(
                f"{fd}:{events}={link(f'/proc/{pid}/fd/{fd}')}" for fd, events in watched
            )


def process(pid):
    command = read(f"/proc/{pid}/cmdline").replace("\0", " ").strip()
    status = dict(re.findall(r"^(\w+):\s*(.*)$", read(f"/proc/{pid}/status"), re.M))
    user = status.get("Uid", "?").split()[0]
    yield f"  pid {pid} ppid {status.get('PPid')} uid {user}: {command[:150]}"
    yield from threads(pid)
    try:
        yield from epolls(pid)
    except OSError as error:
        yield f"    ({error})"


def ss(*arguments):
    return subprocess.run(["ss", *arguments], capture_output=True, text=True).stdout.rstrip()


def connections():
    """The connections, counted by what they have in common."""
    kinds = Counter()
    for row in ss("-Htanp", "exclude", "listening").splitlines():
        state, received, unsent, local, peer, *owner = row.split(None, 5)
        end = lambda address: address if int(address.rsplit(":", 1)[1]) < 32768 else "client"
        kinds[
            state,
            received,
            unsent,
            end(local),
            end(peer),
            owner[0].split("fd=")[0] if owner else "nobody",
        ] += 1
    for kind, number in sorted(kinds.items()):
        yield "  {} x {} recv-q {} send-q {} {} -> {} {}".format(number, *kind)


def idle_times():
    """When each held connection last sent and received, in ms: who owes whom an answer."""
    lines = ss("-Htnpi", "state", "established").splitlines()
    for row, details in zip(lines[::2], lines[1::2]):
        times = re.findall(r"(lastsnd|lastrcv|bytes_sent|bytes_received):(\d+)", details)
        if len(row.split()) > 4:
            yield "  " + " ".join(row.split()[2:]) + " " + " ".join(
                f"{name} {value}" for name, value in times
            )


def everything(besides=()):
    """The whole picture, as lines."""
    yield ss("-ltnpe")
    yield "-- connections"
    yield from connections()
    yield "-- when each held connection last sent and received"
    yield from list(idle_times())[:24]
    unix = ss("-Hxlp")
    if unix:
        yield "-- unix listeners"
        yield unix
    udp = ss("-Huanpm")
    if udp:
        yield "-- udp"
        yield udp
    yield "-- threads"
    for pid in pids(besides):
        yield from process(pid)
