"""Node.js with a handler that never gives the loop back."""

import packages
import sockets
from case import QUEUE, Case

SERVER = """
require('http').createServer((request, response) => {
  if (request.url === '/spin') while (true) {}
  response.end('hello');
}).listen({ port: 8080, host: '127.0.0.1', backlog: 8 });
"""


class Spin(Case):
    """Node.js: while (true) in a handler, and a full queue"""

    name = "node-spin"
    needs = ["node"]
    headline = {"event-loop-blocked"}
    allow = QUEUE | {"receive-stuck"}

    def set_up(self, place):
        server = place.start(packages.path("node"), place.write("server.js", SERVER))
        sockets.until_listening(8080)
        place.clients("get", 8080, 1, "/spin")
        sockets.until_held(8080, 1)
        place.clients("get", 8080, 15)
        sockets.until_full(8080)
        self.mentions = [8080, server.pid]
