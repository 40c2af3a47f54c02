"""Go: goroutines are no threads, so what they wait for is hidden behind the runtime's own loop."""

import packages
import sockets
from case import Case

SERVER = """
package main

import (
	"net"
	"net/http"
	"os"
	"sync"
)

var lock sync.Mutex

func serial(listener net.Listener) {
	for {
		connection, _ := listener.Accept()
		lock.Lock()
		connection.Close()
	}
}

func main() {
	listener, _ := net.Listen("tcp", "127.0.0.1:8080")
	if os.Args[1] != "well" {
		lock.Lock()
	}
	if os.Args[1] == "serial" {
		serial(listener)
	}
	http.Serve(listener, http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		lock.Lock()
		out.Write([]byte("hello"))
		lock.Unlock()
	}))
}
"""


def start(place, how):
    with open("/proc/sys/net/core/somaxconn", "w") as most:
        most.write("12")
    place.write("main.go", SERVER)
    caches = {
        "GOCACHE": place.path("cache"),
        "GOPATH": place.path("go"),
        "HOME": place.folder,
        "GO111MODULE": "off",
    }
    place.run(
        packages.path("go"), "build", "-o", place.path("server"), "main.go", env=caches, seconds=200
    )
    server = place.start(place.path("server"), how)
    sockets.until_listening(8080)
    return server


class Serial(Case):
    """Go: the accepting goroutine waits for a mutex; all threads look idle, the queue is full"""

    name = "go-serial"
    needs = ["go"]
    headline = {
        "server-blocked",
        "event-loop-blocked",
        "lock-wait",
        "listener-paused",
        "accept-queue-full",
    }
    # The connection that it has accepted is not read either.
    allow = Case.allow | {"receive-stuck"}

    def set_up(self, place):
        server = start(place, "serial")
        place.clients("get", 8080, 25)
        sockets.until_full(8080)
        self.mentions = [8080, server.pid]


class Mutex(Case):
    """Go net/http: every handler waits for a mutex, all is accepted: nothing may be made up"""

    name = "go-mutex"
    needs = ["go"]
    # All that the kernel shows are idle threads and accepted connections, as in a long poll.
    allow = {"lock-wait", "workers-exhausted"}

    def set_up(self, place):
        start(place, "mutex")
        place.clients("get", 8080, 12)
        sockets.until_held(8080, 12)


class Busy(Case):
    """Go net/http under load"""

    name = "healthy-go-load"
    sick = False
    needs = ["go"]

    def set_up(self, place):
        start(place, "well")
        place.clients("ask", 8080, 10)
        sockets.until_held(8080, 10)
