"""Which Debian package brings which command, and installing those that are not there."""

import glob
import os
import shutil
import subprocess

PACKAGES = {
    "apache2": "apache2-bin",
    "nginx": "nginx-light",
    "gunicorn": "gunicorn",
    "redis-server": "redis-server",
    "redis-benchmark": "redis-tools",
    "postgres": "postgresql",
    "pgbench": "postgresql",
    "php-fpm": "php-fpm",
    "node": "nodejs",
    "javac": "default-jdk-headless",
    "go": "golang-go",
    "gdb": "gdb",
    "inetd": "openbsd-inetd",
    "perl": "perl",
    "postfix": "postfix",
    "haproxy": "haproxy",
    "memcached": "memcached",
    "uwsgi": "uwsgi-core",
    "uwsgi-python3": "uwsgi-plugin-python3",
    "waitress-serve": "python3-waitress",
    "wrk": "wrk",
    "socat": "socat",
    "lighttpd": "lighttpd",
    "php": "php-cli",
    "sshd": "openssh-server",
    "ssh-keygen": "openssh-client",
    "mariadbd": "mariadb-server",
    "mariadb": "mariadb-client",
    "mysql_install_db": "mariadb-server",
    "ss": "iproute2",
    "ab": "apache2-utils",
    "curl": "curl",
    "mosquitto": "mosquitto",
    "nft": "nftables",
    "pgbouncer": "pgbouncer",
    "puma": "puma",
    "rabbitmq-server": "rabbitmq-server",
    "rsyslogd": "rsyslog",
    "ruby": "ruby",
    "ssh": "openssh-client",
    "tomcat": "libtomcat10-java",
    "unicorn": "unicorn",
    "sqlite3": "sqlite3",
    "go-pq": "golang-github-lib-pq-dev",
    "python3-aiohttp": "python3-aiohttp",
    "python3-fusepy": "python3-fusepy",
    "python3-gevent": "python3-gevent",
    "python3-grpcio": "python3-grpcio",
    "python3-pika": "python3-pika",
    "python3-psycopg2": "python3-psycopg2",
    "python3-pymysql": "python3-pymysql",
    "python3-redis": "python3-redis",
    "python3-websockets": "python3-websockets",
}

MODULES = "/usr/lib/python3/dist-packages/"

# Debian puts these where no PATH looks.
ELSEWHERE = {
    "postgres": "/usr/lib/postgresql/*/bin/postgres",
    "pgbench": "/usr/lib/postgresql/*/bin/pgbench",
    "php-fpm": "/usr/sbin/php-fpm*",
    "uwsgi-python3": "/usr/lib/uwsgi/plugins/python3*_plugin.so",
    "tomcat": "/usr/share/java/tomcat10-catalina.jar",
    "go-pq": "/usr/share/gocode/src/github.com/lib/pq/conn.go",
    "python3-aiohttp": MODULES + "aiohttp",
    "python3-fusepy": MODULES + "fusepy.py",
    "python3-gevent": MODULES + "gevent",
    "python3-grpcio": MODULES + "grpc",
    "python3-pika": MODULES + "pika",
    "python3-psycopg2": MODULES + "psycopg2",
    "python3-pymysql": MODULES + "pymysql",
    "python3-redis": MODULES + "redis",
    "python3-websockets": MODULES + "websockets",
}

POLICY = "/usr/sbin/policy-rc.d"


def path(command):
    """Where a command is, or None."""
    found = sorted(glob.glob(ELSEWHERE[command])) if command in ELSEWHERE else []
    return (
        found[-1] if found else shutil.which(command, path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    )


def lacking(commands):
    return [each for each in commands if not path(each)]


def install(commands):
    """Installs what brings these commands, without letting it start any service of its own."""
    wanted = sorted({PACKAGES[each] for each in lacking(commands)})
    if not wanted or not shutil.which("apt-get") or os.geteuid() != 0:
        return
    print("installing", *wanted, flush=True)
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    made = deny_services()
    try:
        subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *wanted],
            env=quiet,
            stdout=subprocess.DEVNULL,
            check=False,
        )
    finally:
        if made:
            os.unlink(POLICY)


def deny_services():
    """Debian starts a server as it installs it, unless this file says no."""
    if os.path.exists(POLICY):
        return False
    with open(POLICY, "w") as file:
        file.write("#!/bin/sh\nexit 101\n")
    os.chmod(POLICY, 0o755)
    return True
