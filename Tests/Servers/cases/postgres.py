"""PostgreSQL: waiting for a row lock, at max_connections, and well."""

import os

import look
import packages
import sockets
from case import QUEUE, Case
from place import wait

SETTINGS = """
listen_addresses = '127.0.0.1'
port = 5432
unix_socket_directories = ''
fsync = off
shared_buffers = 16MB
max_connections = {most}
superuser_reserved_connections = 0
"""


def tool(name):
    return os.path.join(os.path.dirname(packages.path("postgres")), name)


def start(place, most=20):
    data = place.owned_folder("data", "postgres")
    place.run(tool("initdb"), "-D", data, "-A", "trust", "-U", "postgres", "-N", user="postgres")
    place.write("data/postgresql.auto.conf", SETTINGS.format(most=most))
    server = place.start(tool("postgres"), "-D", data, user="postgres")
    wait("PostgreSQL", lambda: ready(place))
    return server


def ready(place):
    try:
        place.run(tool("pg_isready"), "-h", "127.0.0.1")
        return True
    except Exception:
        return False


ADDRESS = ["-X", "-h", "127.0.0.1", "-U", "postgres"]


def psql(place, *commands):
    """A client that says these and stays, its input open."""
    words = [each for command in commands for each in ("-c", command)]
    return place.start(tool("psql"), *ADDRESS, *words, user="postgres")


def backends(words):
    """Pids of backends whose title has these words in it."""
    return [pid for pid in look.pids() if words in look.read(f"/proc/{pid}/cmdline")]


class RowLock(Case):
    """PostgreSQL: three updates wait for a row that an idle transaction's client has locked"""

    name = "postgres-row-lock"
    needs = ["postgres"]
    headline = {"lock-wait", "waits-upstream"}
    allow = QUEUE

    def set_up(self, place):
        start(place)
        place.run(tool("psql"), *ADDRESS, "-c", "create table t as select 1 as id, 0 as n")
        holder = place.start("sh", "-c", f"(echo 'begin; update t set n = 1;'; exec sleep 600) | {tool('psql')} {' '.join(ADDRESS)}",
                             user="postgres")
        wait("the idle transaction", lambda: backends("idle in transaction"))
        for _ in range(3):
            psql(place, "update t set n = n + 1")
        wait("three that wait", lambda: len(backends("UPDATE waiting")) == 3)
        client = next(pid for pid in backends(tool("psql")) if look.read(f"/proc/{pid}/comm").startswith("psql")
                      and look.read(f"/proc/{pid}/status").find(f"PPid:\t{holder.pid}\n") >= 0)
        self.mentions = [5432, client, backends("idle in transaction")[0]]


class Full(Case):
    """PostgreSQL at max_connections: the kernel's queues are empty and newcomers get an error"""

    name = "postgres-max-connections"
    needs = ["postgres"]
    # Nothing in the kernel tells this from a pool of idle connections, so silence is right.
    sick = False

    def set_up(self, place):
        start(place, most=5)
        for _ in range(5):
            place.start("sh", "-c", f"sleep 600 | {tool('psql')} {' '.join(ADDRESS)}", user="postgres")
        sockets.until_held(5432, 5)


class Idle(Case):
    """PostgreSQL with four idle clients"""

    name = "healthy-postgres-idle"
    sick = False
    needs = ["postgres"]

    def set_up(self, place):
        start(place)
        for _ in range(4):
            place.start("sh", "-c", f"sleep 600 | {tool('psql')} {' '.join(ADDRESS)}", user="postgres")
        sockets.until_held(5432, 4)


class Busy(Case):
    """PostgreSQL under pgbench, whose clients wait for each other's row locks all the time"""

    name = "healthy-postgres-load"
    sick = False
    needs = ["postgres", "pgbench"]

    def set_up(self, place):
        start(place)
        place.run(tool("pgbench"), "-i", "-q", "-h", "127.0.0.1", "-U", "postgres", "postgres")
        place.start(tool("pgbench"), "-h", "127.0.0.1", "-U", "postgres", "-c", 8, "-j", 2, "-T", 600, "postgres")
        sockets.until_held(5432, 8)
