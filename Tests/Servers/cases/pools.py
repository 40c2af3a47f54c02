"""Pools of connections and of slots, all of them taken."""

import os

import packages
import sockets
import upstream
from case import BEHIND, Case
from cases import postgres, redis
from place import wait


GO_SQL = """
package main

import (
	"database/sql"
	_ "github.com/lib/pq"
	"net/http"
)

func main() {
	pool, _ := sql.Open("postgres", "host=127.0.0.1 user=postgres dbname=postgres sslmode=disable")
	pool.SetMaxOpenConns(2)
	http.HandleFunc("/", func(out http.ResponseWriter, in *http.Request) {
		if _, failed := pool.Exec("update stock set n = n + 1"); failed != nil {
			http.Error(out, failed.Error(), 500)
		}
	})
	http.ListenAndServe("127.0.0.1:8080", nil)
}
"""

REDIS_POOL = """
import redis
pool = redis.BlockingConnectionPool(max_connections=2, timeout=None, host="127.0.0.1", port=6379)
def application(environ, start_response):
    body = str(redis.Redis(connection_pool=pool).incr("hits")).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
"""

BOUNCER = """
[databases]
postgres = host=127.0.0.1 port=5432 dbname=postgres user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = 6432
unix_socket_dir =
auth_type = any
auth_file = {folder}/users.txt
pool_mode = transaction
default_pool_size = {size}
query_wait_timeout = 0
"""

HAPROXY = """
defaults
  mode http
  timeout client 3600s
  timeout server 3600s
  timeout connect 3600s
  timeout queue 3600s
frontend front
  bind 127.0.0.1:8080
  default_backend back
backend back
  server one 127.0.0.1:9000 {limit}
"""

NODE_FIFO = """
const fs = require('fs');
require('http').createServer((request, response) => {
  if (request.url === '/import') fs.readFileSync(process.argv[2]);
  response.end('hello');
}).listen(9000, '127.0.0.1');
"""


def go(place, text, name="server"):
    """Builds and starts a Go program; its packages come from Debian."""
    place.write(f"{name}.go", text)
    caches = {
        "GOCACHE": os.path.join(os.path.dirname(place.folder), "go-cache"),
        "GOPATH": "/usr/share/gocode",
        "HOME": place.folder,
        "GO111MODULE": "off",
        "CGO_ENABLED": "0",
    }
    made = place.path(name)
    place.run(packages.path("go"), "build", "-o", made, f"{name}.go", env=caches, seconds=200)
    return place.start(made)


def stock(place):
    """A table whose only row a client has locked; gives this client and its backend."""
    tool = postgres.tool("psql")
    place.run(tool, *postgres.ADDRESS, text="create table stock as select 1 as id, 0 as n;")
    holder = postgres.client(place, "begin; update stock set n = 1;")
    backend = wait("the idle transaction", lambda: postgres.backends("idle in transaction"))[0]
    return holder, backend


def bouncer(place, size):
    place.write("users.txt", '"postgres" ""\n')
    text = BOUNCER.format(folder=place.folder, size=size)
    made = place.start(
        packages.path("pgbouncer"), place.write("bouncer.ini", text), user="postgres"
    )
    sockets.until_listening(6432)
    return made


def through_bouncer(place, words):
    address = ["-h", "127.0.0.1", "-p", "6432", "-U", "postgres", "postgres"]
    return place.start(
        postgres.tool("psql"), "-X", *address, user="postgres", say=words + "\n"
    )


def haproxy(place, limit=""):
    text = HAPROXY.format(limit=limit)
    made = place.start(packages.path("haproxy"), "-db", "-f", place.write("haproxy.conf", text))
    sockets.until_listening(8080)
    return made


class GoPool(Case):
    """Go's database/sql with two connections, both at a row lock; ten handlers wait for them"""

    name = "go-sql-pool"
    needs = ["go", "go-pq", "postgres", "curl"]
    headline = {"lock-wait", "pool-exhausted", "waits-upstream", "request-unanswered"}
    allow = BEHIND

    def set_up(self, place):
        postgres.start(place)
        holder, backend = stock(place)
        server = go(place, GO_SQL)
        sockets.until_listening(8080)
        place.clients("get", 8080, 10)
        wait("two at the lock", lambda: len(postgres.backends("UPDATE waiting")) == 2)
        sockets.until_quiet(8080, 10)
        self.mentions = [8080]
        self.names = [server.pid, backend, holder.pid, r":5432\b"]


class RedisPool(Case):
    """gthread, six threads, redis-py's blocking pool of two; a Lua script spins in Redis"""

    name = "redis-lua-pool"
    needs = ["gunicorn", "python3-redis", "redis-server", "curl"]
    headline = {"event-loop-blocked"}
    allow = BEHIND

    def set_up(self, place):
        # With 0 it never answers BUSY, as with a script that ends after four seconds.
        server = redis.start(place, "--busy-reply-threshold", 0)
        options = ["--workers", 1, "--threads", 6]
        master = upstream.gunicorn(place, REDIS_POOL, *options)
        upstream.curl(place)
        place.clients("text", 6379, 1, 'EVAL "while true do end" 0\\r\\n')
        wait("the spinning", lambda: computes(server.pid))
        place.clients("get", 8080, 6)
        worker = upstream.children(master.pid)[0]
        upstream.until_asleep(worker, "recvfrom", 2)
        sockets.until_quiet(8080, 6)
        self.mentions = [8080]
        self.names = [server.pid, worker, r":6379\b"]


class HaproxySlots(Case):
    """HAProxy, maxconn 2, before a Node whose loop is in open() of a FIFO that nobody writes"""

    name = "haproxy-node-fifo"
    needs = ["haproxy", "node", "curl"]
    headline = {"event-loop-blocked", "server-blocked"}
    allow = BEHIND

    def set_up(self, place):
        fifo = place.path("jobs.fifo")
        place.run("mkfifo", fifo)
        script = place.write("server.js", NODE_FIFO)
        server = place.start(packages.path("node"), script, fifo)
        sockets.until_listening(9000)
        proxy = haproxy(place, "maxconn 2")
        upstream.curl(place)
        place.clients("get", 8080, 1, "/import")
        upstream.until_asleep(server.pid, "wait_for_partner")
        place.clients("get", 8080, 8)
        sockets.until_quiet(8080, 9)
        self.mentions = [8080]
        self.names = [server.pid, proxy.pid, r":9000\b", r"the FIFO .*jobs\.fifo"]
        self.never = [r"file system"]


class BouncerPool(Case):
    """pgbouncer with one server connection, at a lock; four clients wait for that connection"""

    name = "pgbouncer-lock"
    needs = ["pgbouncer", "postgres"]
    headline = {"lock-wait", "pool-exhausted", "waits-upstream", "request-unanswered"}
    allow = BEHIND

    def set_up(self, place):
        postgres.start(place)
        holder, backend = stock(place)
        pool = bouncer(place, 1)
        through_bouncer(place, "update stock set n = n + 1;")
        wait("one at the lock", lambda: len(postgres.backends("UPDATE waiting")) == 1)
        for _ in range(4):
            through_bouncer(place, "select 1;")
        sockets.until_held(6432, 5)
        sockets.until_quiet(6432, 5)
        self.names = [pool.pid, backend, holder.pid, r":6432\b"]


class BouncerWell(Case):
    """pgbouncer with twenty clients at rest and a pool of two"""

    name = "healthy-pgbouncer"
    sick = False
    needs = ["pgbouncer", "postgres"]

    def set_up(self, place):
        postgres.start(place)
        bouncer(place, 2)
        for _ in range(20):
            through_bouncer(place, "select 1;")
        sockets.until_held(6432, 20)
        sockets.until_quiet(6432, 20)


class LongPolls(Case):
    """HAProxy before Go: 200 requests that are answered when there is news, and none is"""

    name = "healthy-haproxy-go-polls"
    sick = False
    needs = ["haproxy", "go"]

    GO = """
package main

import "net/http"

func main() {
	http.HandleFunc("/", func(out http.ResponseWriter, in *http.Request) { <-in.Context().Done() })
	http.ListenAndServe("127.0.0.1:9000", nil)
}
"""

    def set_up(self, place):
        go(place, self.GO)
        sockets.until_listening(9000)
        haproxy(place)
        place.clients("get", 8080, 200)
        sockets.until_held(9000, 200)
        sockets.until_quiet(9000, 200)


class IdleThreads(Case):
    """gthread: a redis-py pool and eight threads at rest, forty connections kept for the next"""

    name = "healthy-gthread-idle"
    sick = False
    needs = ["gunicorn", "python3-redis", "redis-server", "curl"]

    def set_up(self, place):
        redis.start(place)
        options = ["--workers", 1, "--threads", 8, "--keep-alive", 600]
        upstream.gunicorn(place, REDIS_POOL, *options)
        upstream.curl(place)
        place.clients("answered", 8080, 40)
        sockets.until_held(8080, 40)
        sockets.until_quiet(8080, 40)


def computes(pid):
    """Whether it has used up half a second of processor time."""
    with open(f"/proc/{pid}/stat") as file:
        words = file.read().rsplit(")", 1)[1].split()
    return int(words[11]) + int(words[12]) > 50
