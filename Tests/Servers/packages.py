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
}

# Debian puts these where no PATH looks.
ELSEWHERE = {
    "postgres": "/usr/lib/postgresql/*/bin/postgres",
    "pgbench": "/usr/lib/postgresql/*/bin/pgbench",
    "php-fpm": "/usr/sbin/php-fpm*",
    "uwsgi-python3": "/usr/lib/uwsgi/plugins/python3*_plugin.so",
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
