"""MariaDB: a thread per connection, waiting for a row lock."""

import packages
import sockets
from case import QUEUE, Case
from place import wait

USER = "mysql"

INSTALL = "--no-defaults --datadir={data} --auth-root-authentication-method=normal --skip-test-db"

SERVER = """--no-defaults --datadir={data} --socket={data}/sock --pid-file={data}/pid --port=3306
  --bind-address=127.0.0.1 --innodb-lock-wait-timeout=600"""

CLIENT = "--no-defaults -uroot -h127.0.0.1 -n -N"

TABLE = """
create database test;
create table test.t (id int primary key, n int) engine=innodb;
insert into test.t values (1, 0);
"""

# This table stays as it was when it is read more often than ten times a second.
OPEN = "do sleep(0.2); select count(*) from information_schema.innodb_trx"

WAITING = OPEN + " where trx_state = 'LOCK WAIT'"


def start(place):
    data = place.owned_folder("data", USER)
    install = packages.path("mysql_install_db")
    place.run(install, *INSTALL.format(data=data).split(), user=USER, seconds=120)
    place.start(packages.path("mariadbd"), *SERVER.format(data=data).split(), user=USER)
    sockets.until_listening(3306, 60)
    ask(place, TABLE)


def ask(place, words):
    return place.run(packages.path("mariadb"), *CLIENT.split(), text=words)


def client(place, words):
    """A client that says this and stays."""
    return place.start(packages.path("mariadb"), *CLIENT.split(), "test", say=words + "\n")


class RowLock(Case):
    """MariaDB: three updates wait for a row that an idle transaction has locked; no queue"""

    name = "mariadb-row-lock"
    needs = ["mariadbd", "mariadb", "mysql_install_db"]
    # The kernel shows threads in futex and nothing in a queue, as in a pool at rest.
    allow = QUEUE | {"lock-wait", "waits-upstream", "workers-exhausted"}

    def set_up(self, place):
        start(place)
        client(place, "begin; update t set n = 1 where id = 1;")
        wait("the lock", lambda: ask(place, OPEN).strip() == "1")
        for _ in range(3):
            client(place, "update t set n = n + 1 where id = 1;")
        wait("three that wait", lambda: ask(place, WAITING).strip() == "3")


class Idle(Case):
    """MariaDB with four idle clients"""

    name = "healthy-mariadb-idle"
    sick = False
    needs = ["mariadbd", "mariadb", "mysql_install_db"]

    def set_up(self, place):
        start(place)
        for _ in range(4):
            client(place, "select 1;")
        sockets.until_held(3306, 4)
