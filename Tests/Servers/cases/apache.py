"""Apache with every worker on a client that does not finish its request."""

import packages
import sockets
from case import QUEUE, Case

COMMON = """
ServerRoot {folder}
ServerName localhost
PidFile {folder}/apache.pid
ErrorLog {folder}/apache-error.log
User www-data
Group www-data
LoadModule mpm_{model}_module /usr/lib/apache2/modules/mod_mpm_{model}.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule reqtimeout_module /usr/lib/apache2/modules/mod_reqtimeout.so
RequestReadTimeout handshake=0 header=0 body=0
Timeout 300
KeepAliveTimeout 300
Listen 127.0.0.1:8080
ListenBacklog 10
DocumentRoot {folder}/www
"""

PREFORK = """
StartServers 3
MinSpareServers 1
MaxSpareServers 3
MaxRequestWorkers {workers}
"""

EVENT = """
StartServers 1
ServerLimit 1
ThreadLimit 4
ThreadsPerChild 4
MinSpareThreads 1
MaxSpareThreads 4
MaxRequestWorkers 4
"""


def start(place, model, workers):
    place.write("www/index.html", "hello\n")
    text = COMMON.format(folder=place.folder, model=model) + workers
    place.start(packages.path("apache2"), "-DFOREGROUND", "-f", place.write("apache.conf", text))
    sockets.until_listening(8080)


class Prefork(Case):
    """Apache prefork: three workers, three half requests, and a full queue"""

    name = "apache-prefork"
    needs = ["apache2"]
    headline = {"workers-exhausted"}
    allow = QUEUE | {"waits-upstream"}

    def set_up(self, place):
        start(place, "prefork", PREFORK.format(workers=3))
        slow = place.clients("half", 8080, 3)
        sockets.until_held(8080, 3)
        place.clients("get", 8080, 14)
        sockets.until_full(8080)
        self.mentions = [8080, slow.pid]


class Event(Case):
    """Apache event: four threads on four half requests, and a queue"""

    name = "apache-event"
    needs = ["apache2"]
    headline = {"workers-exhausted", "listener-paused"}
    allow = QUEUE | {"waits-upstream", "workers-exhausted", "listener-paused"}

    def set_up(self, place):
        start(place, "event", EVENT)
        slow = place.clients("half", 8080, 40)
        sockets.until_full(8080)
        self.mentions = [8080, slow.pid]


class EventHealthy(Case):
    """Apache event: fifty idle connections kept by a process with four threads"""

    name = "healthy-apache-event"
    sick = False
    needs = ["apache2"]

    def set_up(self, place):
        start(place, "event", EVENT + "AsyncRequestWorkerFactor 20\n")
        place.clients("answered", 8080, 50)
        sockets.until_held(8080, 50)


class PreforkHealthy(Case):
    """Apache prefork: workers free, and some idle connections kept"""

    name = "healthy-apache-prefork"
    sick = False
    needs = ["apache2"]

    def set_up(self, place):
        start(place, "prefork", PREFORK.format(workers=10))
        place.clients("answered", 8080, 3)
        sockets.until_held(8080, 3)
