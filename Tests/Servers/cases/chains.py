"""Chains of three, and what hangs at their end."""

import glob
import os

import packages
import sockets
import upstream
from case import BEHIND, Case
from cases import mariadb, redis
from place import wait


NODE = """
const http = require('http');
http.createServer((request, response) => {
  const call = http.get('http://127.0.0.1:9000' + request.url, (answer) => answer.pipe(response));
  call.on('error', (failed) => response.end(String(failed)));
}).listen(PORT, '127.0.0.1');
"""

AIOHTTP = """
import aiohttp
from aiohttp import web
async def serve(request):
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout()) as session:
        async with session.get("http://127.0.0.1:9001" + request.path) as answer:
            return web.Response(body=await answer.read())
app = web.Application()
app.router.add_get("/{path:.*}", serve)
web.run_app(app, host="127.0.0.1", port=9000, access_log=None)
"""

# A pool with room for all; the first takes the monitor and sleeps, the others want it.
JAVA = """
import com.sun.net.httpserver.HttpServer;
import java.net.*;
public class Stock {
  static synchronized void book(boolean long_) {
    if (long_) try { Thread.sleep(600000); } catch (InterruptedException never) { }
  }
  public static void main(String[] words) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 9001), 64);
    server.createContext("/", exchange -> {
      book(exchange.getRequestURI().getPath().equals("/audit"));
      exchange.sendResponseHeaders(200, 5);
      exchange.getResponseBody().write("hello".getBytes());
      exchange.close();
    });
    server.setExecutor(java.util.concurrent.Executors.newFixedThreadPool(24));
    server.start();
  }
}
"""

WAITRESS = """
import redis
base = redis.Redis()
def application(environ, start_response):
    body = str(base.incr("hits")).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
"""

GATEWAY = """
import com.sun.net.httpserver.HttpServer;
import java.net.*;
public class Gateway {
  public static void main(String[] words) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 8080), 128);
    server.createContext("/", exchange -> {
      byte[] body = new URL("http://127.0.0.1:9000/").openStream().readAllBytes();
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.setExecutor(java.util.concurrent.Executors.newCachedThreadPool());
    server.start();
  }
}
"""

TOMCAT = """
import java.io.*; import java.net.*;
import org.apache.catalina.*; import org.apache.catalina.startup.*;
import jakarta.servlet.http.*;
public class Shop {
  static final Object till = new Object();
  public static void main(String[] words) throws Exception {
    Tomcat tomcat = new Tomcat(); tomcat.setBaseDir("."); tomcat.setPort(8080);
    for (String[] each : new String[][] {
        {"address", "127.0.0.1"}, {"maxThreads", "6"}, {"minSpareThreads", "6"}})
      tomcat.getConnector().setProperty(each[0], each[1]);
    Context context = tomcat.addContext("", new File(".").getAbsolutePath());
    Tomcat.addServlet(context, "shop", new HttpServlet() {
      public void doGet(HttpServletRequest in, HttpServletResponse out) throws IOException {
        if (!in.getRequestURI().equals("/hello"))
          synchronized (till) { new URL("http://WHERE:9000/").openStream().readAllBytes(); }
        out.getWriter().println("ok");
      } });
    context.addServletMappingDecoded("/*", "shop");
    tomcat.start(); tomcat.getServer().await();
  }
}
"""

MARIADB = """
import pymysql
def application(environ, start_response):
    base = pymysql.connect(host="127.0.0.1", user="root", database="test")
    with base.cursor() as cursor:
        cursor.execute("update t set n = n + 1 where id = 1")
    base.commit()
    start_response("200 OK", [])
    return [b"done"]
"""


def java(place, name, text, port, jars=()):
    source = place.write(f"{name}.java", text)
    where = ":".join([*jars, place.folder])
    place.run(packages.path("javac"), "-cp", where, "-d", place.folder, source)
    made = place.start("java", "-Xmx96m", "-XX:+UseSerialGC", "-cp", where, name)
    sockets.until_listening(port)
    return made


def tomcat(place, where, lock="synchronized (till)"):
    jars = sorted(glob.glob("/usr/share/java/tomcat10-*.jar"))
    text = TOMCAT.replace("WHERE", where).replace("synchronized (till)", lock)
    made = java(place, "Shop", text, 8080, jars)
    upstream.curl(place, path="/hello")
    return made


class Three(Case):
    """Node, aiohttp, Java: all is read, and Java's threads wait for a monitor whose owner sleeps

    Threads that wait for a monitor are parked as those of a long poll are: a notice is all there is.
    """

    name = "node-aiohttp-java"
    needs = ["node", "python3-aiohttp", "javac", "curl"]
    headline = set()
    expect = {"request-unanswered"}
    allow = BEHIND

    def set_up(self, place):
        java(place, "Stock", JAVA, 9001)
        upstream.python(place, "middle", AIOHTTP)
        sockets.until_listening(9000)
        script = place.write("front.js", NODE.replace("PORT", "8080"))
        place.start(packages.path("node"), script)
        sockets.until_listening(8080)
        upstream.curl(place)
        place.clients("get", 8080, 1, "/audit")
        sockets.until_held(9001, 1)
        place.clients("get", 8080, 12, "/book")
        sockets.until_held(9001, 13)
        sockets.until_quiet(9001, 13)
        self.mentions = [8080]


class NodeStopped(Case):
    """nginx, aiohttp, Node: all is read, and Node is stopped"""

    name = "nginx-aiohttp-node-stopped"
    needs = ["nginx", "python3-aiohttp", "node", "curl"]
    headline = {"process-stopped"}
    allow = BEHIND

    def set_up(self, place):
        text = NODE.replace("PORT", "9001").replace("const call", "return response.end('a');//")
        last = place.start(packages.path("node"), place.write("last.js", text))
        sockets.until_listening(9001)
        middle = upstream.python(place, "middle", AIOHTTP)
        sockets.until_listening(9000)
        upstream.nginx(place, "proxy_pass http://127.0.0.1:9000;")
        upstream.curl(place)
        upstream.stop(last)
        place.clients("get", 8080, 8)
        sockets.until_quiet(9000, 8)
        self.mentions = [8080, 9000, 9001]
        self.names = [last.pid, middle.pid]


class MiddleStopped(Case):
    """HAProxy, Node, and a service that is well: Node, in the middle, is stopped"""

    name = "haproxy-node-stopped"
    needs = ["haproxy", "node", "curl"]
    headline = {"process-stopped"}
    allow = BEHIND

    PROXY = """
defaults
  mode http
  timeout client 3600s
  timeout server 3600s
  timeout connect 3600s
listen front
  bind 127.0.0.1:8080
  server one 127.0.0.1:8081
"""

    def set_up(self, place):
        upstream.hello(place)
        script = place.write("middle.js", NODE.replace("PORT", "8081"))
        middle = place.start(packages.path("node"), script)
        sockets.until_listening(8081)
        config = place.write("haproxy.conf", self.PROXY)
        proxy = place.start(packages.path("haproxy"), "-db", "-f", config)
        sockets.until_listening(8080)
        upstream.curl(place)
        upstream.stop(middle)
        place.clients("get", 8080, 5)
        sockets.until_queued(8081, 4)
        sockets.until_quiet(8080, 5)
        self.mentions = [8080, 8081]
        self.names = [middle.pid, proxy.pid]


class WaitressRedis(Case):
    """waitress: its four threads wait for a Redis that is stopped, ten requests are read"""

    name = "waitress-redis-stopped"
    needs = ["waitress-serve", "python3-redis", "redis-server", "curl"]
    headline = {"process-stopped"}
    allow = BEHIND

    def set_up(self, place):
        base = redis.start(place)
        place.write("shop.py", WAITRESS)
        words = ["--listen=127.0.0.1:8080", "--threads=4", "shop:application"]
        server = place.start(packages.path("waitress-serve"), *words)
        sockets.until_listening(8080)
        upstream.curl(place)
        upstream.stop(base)
        place.clients("get", 8080, 10)
        upstream.until_asleep(server.pid, "recvfrom", 4)
        sockets.until_quiet(8080, 10)
        self.mentions = [8080, 6379]
        self.names = [base.pid, server.pid]


class Gone(Case):
    """Java whose clients gave up while it waits for a stopped service: CLOSE-WAIT, and no leak"""

    name = "java-close-wait-upstream"
    needs = ["javac", "curl"]
    headline = {"process-stopped"}
    allow = BEHIND | {"close-wait-leak"}

    def set_up(self, place):
        service = upstream.hello(place)
        server = java(place, "Gateway", GATEWAY, 8080)
        upstream.curl(place)
        upstream.stop(service)
        place.clients("leaving", 8080, 40)
        wait("40 in CLOSE-WAIT", lambda: sockets.count("close-wait") >= 40)
        sockets.until_quiet(8080, 40)
        self.mentions = [9000]
        self.names = [service.pid, server.pid]
        self.never = [r"(?i)never closes?\b", r"forgets? to close", r"leaks (conn|desc|sock)"]


class Monitor(Case):
    """Tomcat: one thread asks an upstream that is silent, five wait for the monitor it holds"""

    name = "tomcat-monitor-upstream"
    needs = ["tomcat", "javac", "curl"]
    headline = {"waits-upstream", "workers-exhausted", "request-unanswered"}
    allow = BEHIND

    def set_up(self, place):
        bank = upstream.silent(place)
        server = tomcat(place, "127.0.0.1")
        place.clients("get", 8080, 10, "/pay")
        sockets.until_held(9000, 1)
        sockets.until_held(8080, 10)
        sockets.until_quiet(8080, 10)
        self.mentions = [8080]
        self.names = [server.pid, bank.pid, r":9000\b"]


class Streams(Case):
    """Tomcat: five of six threads pass on what a service sends bit by bit; nobody waits"""

    name = "healthy-tomcat-streams"
    sick = False
    needs = ["tomcat", "javac", "curl"]

    SERVICE = """
import http.server, time
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        while True:
            self.wfile.write(b"row\\n")
            time.sleep(0.4)
http.server.ThreadingHTTPServer(("127.0.0.1", 9000), Handler).serve_forever()
"""

    def set_up(self, place):
        upstream.python(place, "service", self.SERVICE)
        sockets.until_listening(9000)
        tomcat(place, "127.0.0.1", "")
        place.clients("get", 8080, 5, "/export")
        sockets.until_held(9000, 5)
        sockets.until_quiet(8080, 5)


class OtherNetwork(Case):
    """Tomcat waits for a service in another network namespace, and that is stopped"""

    name = "tomcat-netns-stopped"
    needs = ["tomcat", "javac", "curl"]
    headline = {"process-stopped"}
    allow = BEHIND

    def set_up(self, place):
        inside = upstream.other_network(place)
        text = upstream.HELLO.format(address="10.98.0.2", port=9000)
        service = place.start(*inside, upstream.PYTHON, place.write("service.py", text))
        wait("the service", lambda: reaches(place, "10.98.0.2", 9000))
        server = tomcat(place, "10.98.0.2")
        upstream.curl(place, path="/pay")
        upstream.stop(service)
        place.clients("get", 8080, 4, "/pay")
        sockets.until_quiet(8080, 4)
        self.mentions = [8080, 9000]
        self.names = [service.pid, server.pid, r"10\.98\.0\.2"]


class Sql(Case):
    """gthread asks MariaDB, whose threads wait for a row that an idle client has locked

    Without a word of the database it may be at work on a long statement: a notice at most.
    """

    name = "gthread-mariadb-row"
    needs = ["gunicorn", "python3-pymysql", *mariadb.RowLock.needs]
    headline = set()
    expect = {"request-unanswered"}
    allow = BEHIND

    def set_up(self, place):
        mariadb.start(place)
        mariadb.client(place, "begin; update t set n = 1 where id = 1;")
        wait("the lock", lambda: mariadb.ask(place, mariadb.OPEN).strip() == "1")
        upstream.gunicorn(place, MARIADB, "--workers", 1, "--threads", 4)
        place.clients("get", 8080, 4)
        wait("four that wait", lambda: mariadb.ask(place, mariadb.WAITING).strip() == "4")
        sockets.until_quiet(8080, 4)
        self.mentions = [8080]


def reaches(place, address, port):
    done = place.start("curl", "-s", "-m", "2", "-o", os.devnull, f"http://{address}:{port}/")
    return done.wait() == 0
