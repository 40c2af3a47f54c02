"""Java: a serial accept loop, and the JDK's own HTTP server with its one default thread."""

import packages
import sockets
from case import QUEUE, Case

SERIAL = """
import java.net.*;
public class Serial {
  public static void main(String[] words) throws Exception {
    ServerSocket listener = new ServerSocket(8080, 5, InetAddress.getLoopbackAddress());
    while (true) {
      try (Socket client = listener.accept()) {
        while (client.getInputStream().read() >= 0) client.getOutputStream().write('.');
      }
    }
  }
}
"""

HTTP = """
import com.sun.net.httpserver.HttpServer;
import java.net.*;
public class Http {
  public static void main(String[] words) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 8080), 5);
    server.createContext("/", exchange -> {
      if (exchange.getRequestURI().getPath().equals("/sleep"))
        try { Thread.sleep(600000); } catch (InterruptedException never) { }
      exchange.sendResponseHeaders(200, 5);
      exchange.getResponseBody().write("hello".getBytes());
      exchange.close();
    });
    if (words.length > 0) server.setExecutor(java.util.concurrent.Executors.newFixedThreadPool(4));
    server.start();
  }
}
"""


def start(place, name, text, *words):
    source = place.write(f"{name}.java", text)
    place.run(packages.path("javac"), "-d", place.folder, source)
    server = place.start("java", "-Xmx64m", "-XX:+UseSerialGC", "-cp", place.folder, name, *words)
    sockets.until_listening(8080)
    return server


class Serial(Case):
    """Java: one thread accepts and reads, the client it reads from is silent, full queue"""

    name = "java-serial"
    needs = ["javac"]
    headline = {"server-blocked"}
    allow = QUEUE | {"waits-upstream"}

    def set_up(self, place):
        server = start(place, "Serial", SERIAL)
        silent = place.clients("silent", 8080, 1)
        sockets.until_held(8080, 1)
        place.clients("text", 8080, 12, "hello")
        sockets.until_full(8080)
        self.mentions = [8080, server.pid, silent.pid]


class Dispatcher(Case):
    """Java's HttpServer: its dispatcher thread asleep in a handler, and a full queue"""

    name = "java-httpserver"
    needs = ["javac"]
    headline = {"event-loop-blocked", "server-blocked"}
    allow = QUEUE | {"receive-stuck"}

    def set_up(self, place):
        server = start(place, "Http", HTTP)
        place.clients("get", 8080, 1, "/sleep")
        sockets.until_held(8080, 1)
        place.clients("get", 8080, 12)
        sockets.until_full(8080)
        self.mentions = [8080, server.pid]


class Busy(Case):
    """Java's HttpServer with four threads under load, its helpers all in futex"""

    name = "healthy-java-load"
    sick = False
    needs = ["javac"]

    def set_up(self, place):
        start(place, "Http", HTTP.replace("8080), 5)", "8080), 128)"), "pool")
        place.clients("ask", 8080, 8)
        sockets.until_held(8080, 8)
