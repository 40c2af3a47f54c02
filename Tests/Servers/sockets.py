"""What ss says, for the cases to wait on: an oracle that shares no code with sockinspect."""

import re
import subprocess

from place import wait


def rows(*arguments):
    """The rows of ss, each a list of its columns."""
    done = subprocess.run(["ss", "-H", *arguments], capture_output=True, text=True, timeout=20)
    return [line.split() for line in done.stdout.splitlines()]


def listening(port):
    return bool(rows("-ltn", f"sport = :{port}"))


def queue(where):
    """Length and limit of a listener's accept queue, or None; at a port or a unix path."""
    if isinstance(where, int):
        for row in rows("-ltn", f"sport = :{where}"):
            return int(row[1]), int(row[2])
        return None
    for row in rows("-lx", "src", where):
        return int(row[2]), int(row[3])
    return None


def length(where):
    found = queue(where)
    return found[0] if found else -1


def is_full(where):
    found = queue(where)
    return bool(found) and found[0] > found[1]


def until_listening(where, seconds=30):
    wait(f"a listener at {where}", lambda: queue(where), seconds)


def until_queued(where, least, seconds=30):
    wait(f"{least} connections in the queue of {where}", lambda: length(where) >= least, seconds)


def until_full(where, seconds=30):
    wait(f"a full queue at {where}", lambda: is_full(where), seconds)


def count(state, *condition):
    """How many TCP sockets are in a state."""
    return len(rows("-tn", "state", state, *condition))


def held(port):
    """Connections of a port that a process holds: those that have been accepted."""
    return [
        row
        for row in rows("-tne", f"sport = :{port}")
        if any(word.startswith("ino:") and word != "ino:0" for word in row)
    ]


def until_held(port, least, seconds=30):
    wait(f"{least} accepted connections at {port}", lambda: len(held(port)) >= least, seconds)


def until_count(state, least, seconds=30):
    wait(f"{least} in {state}", lambda: count(state) >= least, seconds)


def until_total_queued(port, least, seconds=30):
    """The queues of all listeners at a port, which SO_REUSEPORT allows several."""
    wait(
        f"{least} queued at {port}",
        lambda: sum(int(row[1]) for row in rows("-ltn", f"sport = :{port}")) >= least,
        seconds,
    )


def received(port):
    """Of each held connection of a port, the ms since it last received data."""
    lines = subprocess.run(
        ["ss", "-HtniO", "sport", "=", f":{port}"], capture_output=True, text=True, timeout=20
    ).stdout.splitlines()
    return [int(each) for line in lines for each in re.findall(r"lastrcv:(\d+)", line)]


def until_quiet(port, least, seconds=5):
    """Until so many connections of a port have received nothing for so long."""
    wait(
        f"{least} quiet connections at {port}",
        lambda: sum(each >= 1000 * seconds for each in received(port)) >= least,
        seconds + 20,
    )
