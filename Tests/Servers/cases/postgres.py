"""PostgreSQL: waiting for a row lock, at max_connections, and well."""

import os
import signal

import look
import packages
import sockets
import upstream
from case import BEHIND, Case
from place import CannotSetUp, wait

SETTINGS = """
listen_addresses = '127.0.0.1'
port = 5432
unix_socket_directories = ''
fsync = off
shared_buffers = 16MB
max_connections = {most}
superuser_reserved_connections = 0
"""

ADDRESS = ["-h", "127.0.0.1", "-U", "postgres"]


def tool(name):
    return os.path.join(os.path.dirname(packages.path("postgres")), name)


def start(place, most=20):
    data = place.owned_folder("data", "postgres")
    place.run(tool("initdb"), "-D", data, "-A", "trust", "-U", "postgres", "-N", user="postgres")
    place.write("data/postgresql.auto.conf", SETTINGS.format(most=most))
    master = place.start(tool("postgres"), "-D", data, user="postgres")
    wait("PostgreSQL", lambda: ready(place))
    return master


def ready(place):
    try:
        return place.run(tool("pg_isready"), *ADDRESS)
    except CannotSetUp:
        return False


def client(place, words=""):
    """A client that says this and stays."""
    return place.start(tool("psql"), "-X", *ADDRESS, user="postgres", say=words + "\n")


def backends(words):
    """Pids of backends whose title has these words in it."""
    return [pid for pid in look.pids() if words in look.read(f"/proc/{pid}/cmdline")]


class RowLock(Case):
    """PostgreSQL: three updates wait for a row that an idle transaction's client has locked"""

    name = "postgres-row-lock"
    needs = ["postgres"]
    headline = {"lock-wait", "waits-upstream"}
    allow = Case.allow | {"request-unanswered"}

    def set_up(self, place):
        start(place)
        place.run(tool("psql"), *ADDRESS, text="create table t as select 1 as id, 0 as n;")
        holder = client(place, "begin; update t set n = 1;")
        backend = wait("the idle transaction", lambda: backends("idle in transaction"))[0]
        for _ in range(3):
            client(place, "update t set n = n + 1;")
        wait("three that wait", lambda: len(backends("UPDATE waiting")) == 3)
        self.mentions = [5432, holder.pid, backend]


class Change(Case):
    """PostgreSQL: a table's change waits for a long report, and three readers wait behind it"""

    name = "postgres-ddl-queue"
    needs = ["postgres"]
    headline = {"lock-wait", "waits-upstream"}
    allow = Case.allow | {"request-unanswered"}

    REPORT = """select count(*) from stock,
      generate_series(1, 99999) a, generate_series(1, 99999) b;"""

    def set_up(self, place):
        start(place)
        place.run(tool("psql"), *ADDRESS, text="create table stock as select 1 as id;")
        report = client(place, self.REPORT)
        backend = wait("the report", lambda: backends(") SELECT"))[0]
        change = client(place, "alter table stock add n int;")
        wait("the change", lambda: backends("ALTER TABLE waiting"))
        for _ in range(3):
            client(place, "select * from stock;")
        wait("three that wait", lambda: len(backends("SELECT waiting")) == 3)
        sockets.until_quiet(5432, 4, 5)
        self.names = [r":5432\b", backend, report.pid, change.pid]


class Stopped(Case):
    """PostgreSQL: the postmaster stopped; its backends go on, newcomers wait"""

    name = "postgres-stopped"
    needs = ["postgres"]
    headline = {"process-stopped"}

    def set_up(self, place):
        master = start(place)
        client(place)
        sockets.until_held(5432, 1)
        os.kill(master.pid, signal.SIGSTOP)
        for _ in range(3):
            client(place)
        sockets.until_queued(5432, 3)
        self.mentions = [5432, master.pid]


class Full(Case):
    """PostgreSQL at max_connections: newcomers get an error, and no queue shows it"""

    name = "postgres-max-connections"
    needs = ["postgres"]
    # Nothing in the kernel tells this from a pool of idle connections, so silence is right.
    sick = False

    def set_up(self, place):
        start(place, most=5)
        for _ in range(5):
            client(place)
        sockets.until_held(5432, 5)


class Idle(Case):
    """PostgreSQL with four idle clients"""

    name = "healthy-postgres-idle"
    sick = False
    needs = ["postgres"]

    def set_up(self, place):
        start(place)
        for _ in range(4):
            client(place)
        sockets.until_held(5432, 4)


class Suspended(Case):
    """PostgreSQL with idle clients, two of which are stopped: Ctrl-Z in psql"""

    name = "healthy-postgres-suspended"
    sick = False
    needs = ["postgres"]

    def set_up(self, place):
        start(place)
        held = [client(place, "select 1;") for _ in range(4)]
        sockets.until_held(5432, 4)
        wait("four at rest", lambda: len(backends(") idle")) == 4)
        for each in held[:2]:
            os.kill(each.pid, signal.SIGSTOP)
        sockets.until_quiet(5432, 4)


class Busy(Case):
    """PostgreSQL under pgbench, whose clients wait for each other's row locks all the time"""

    name = "healthy-postgres-load"
    sick = False
    needs = ["postgres", "pgbench"]

    def set_up(self, place):
        start(place)
        place.run(tool("pgbench"), "-i", "-q", *ADDRESS, "postgres")
        place.start(tool("pgbench"), *ADDRESS, *"-c 8 -j 2 -T 600 postgres".split())
        sockets.until_held(5432, 8)


# A path for each of the two that it waits for.
TWO_CAUSES = """
import psycopg2, urllib.request
def application(environ, start_response):
    if environ["PATH_INFO"] == "/row":
        base = psycopg2.connect("host=127.0.0.1 user=postgres dbname=postgres")
        base.cursor().execute("update t set n = 3")
    elif environ["PATH_INFO"] == "/service":
        urllib.request.urlopen("http://127.0.0.1:9000/").read()
    start_response("200 OK", [])
    return [b"hello"]
"""


class TwoCauses(Case):
    """gunicorn: two workers wait for a row that an idle client has locked, two for a stopped service"""

    name = "gunicorn-two-causes"
    needs = ["postgres", "gunicorn", "python3-psycopg2", "curl"]
    headline = {"process-stopped", "lock-wait"}
    allow = BEHIND

    def set_up(self, place):
        start(place)
        place.run(tool("psql"), *ADDRESS, text="create table t as select 1 as id, 0 as n;")
        holder = client(place, "begin; update t set n = 1;")
        wait("the idle transaction", lambda: backends("idle in transaction"))
        service = upstream.hello(place)
        upstream.gunicorn(place, TWO_CAUSES, "--workers", 4)
        upstream.curl(place)
        upstream.stop(service)
        place.clients("get", 8080, 2, "/row")
        wait("two that wait", lambda: len(backends("UPDATE waiting")) == 2)
        place.clients("get", 8080, 6, "/service")
        sockets.until_queued(8080, 4)
        self.names = [service.pid, holder.pid, r"CRITICAL +2 sessions of 127\.0\.0\.1:5432"]
