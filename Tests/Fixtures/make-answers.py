#!/usr/bin/env python3
"""Records answers of sock_diag to FOLDER; run it as root:

    Tests/Fixtures/make-answers.py FOLDER

Each function makes one situation in an empty network namespace and asks for one table. It shares no
code with the tool.
"""
import ctypes, os, socket, struct, sys, time

ALL_STATES, ALL_EXTENSIONS = 0xFFF, 0xFF
TCP, UDP, SCTP = 6, 17, 132
V4, V6, UNIX, PACKET = socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_PACKET
CONGESTION = 13  # TCP_CONGESTION


def ask(body):
    """Every message of the answer to a dump of SOCK_DIAG_BY_FAMILY, in one piece."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 4) as netlink:
        netlink.send(struct.pack("=IHHII", 16 + len(body), 20, 0x301, 1, 0) + body)
        answer = b""
        while True:
            datagram = netlink.recv(1 << 18)
            answer += datagram
            start = 0
            while start < len(datagram):
                length, kind = struct.unpack_from("=IH", datagram, start)
                if kind in (2, 3):  # NLMSG_ERROR, NLMSG_DONE
                    return answer
                start += (length + 3) & ~3


def ask_internet(family, protocol):
    return ask(struct.pack("=BBBBI48x", family, protocol, ALL_EXTENSIONS, 0, ALL_STATES))


def wait(holds):
    while not holds():
        time.sleep(0.01)


def rows(path, state):
    with open(path) as table:
        return sum(line.split()[3] == state for line in table.readlines()[1:])


def listener(family, address, port, backlog, only=None):
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if only is not None:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, only)
    made.bind((address, port))
    made.listen(backlog)
    return made


def client(family, port, address, server):
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind((address, port))
    made.connect(server)
    return made


def tcp():
    """Port 9001, limit 5: one accepted, one queued with 2 bytes, one that gave up (CLOSE-WAIT);
    port 9002: a connection in TIME-WAIT. Clients have the ports 4100x."""
    server = listener(V4, "127.0.0.1", 9001, 5)
    first = client(V4, 41001, "127.0.0.1", ("127.0.0.1", 9001))
    first.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, 0x2A)
    first.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, 0x10)
    accepted = server.accept()[0]
    accepted.setsockopt(socket.IPPROTO_TCP, CONGESTION, b"bbr")
    accepted.shutdown(socket.SHUT_RD)
    queued = client(V4, 41002, "127.0.0.1", ("127.0.0.1", 9001))
    queued.send(b"hi")
    client(V4, 41003, "127.0.0.1", ("127.0.0.1", 9001)).close()
    other = listener(V4, "127.0.0.1", 9002, 1)
    leaving = client(V4, 41004, "127.0.0.1", ("127.0.0.1", 9002))
    left = other.accept()[0]
    leaving.close()
    wait(lambda: left.recv(1) == b"")
    left.close()
    wait(lambda: rows("/proc/net/tcp", "08") == 1 and rows("/proc/net/tcp", "06") == 1)
    return ask_internet(V4, TCP)


def tcp6():
    """Port 9003 takes IPv4 too and has a connection over it; port 9004 is for IPv6 only."""
    dual = listener(V6, "::", 9003, 7, only=0)
    strict = listener(V6, "::1", 9004, 8, only=1)
    mapped = client(V4, 41005, "127.0.0.1", ("127.0.0.1", 9003))
    wait(lambda: rows("/proc/net/tcp6", "01") == 1)
    answer = ask_internet(V6, TCP)
    del dual, strict, mapped
    return answer


def udp():
    """Port 9005 with two datagrams unread, and the connected sender on port 41006."""
    receiver = socket.socket(V4, socket.SOCK_DGRAM)
    receiver.bind(("127.0.0.1", 9005))
    sender = socket.socket(V4, socket.SOCK_DGRAM)
    sender.bind(("127.0.0.1", 41006))
    sender.connect(("127.0.0.1", 9005))
    sender.send(b"one")
    sender.send(b"two")
    return ask_internet(V4, UDP)


def unix():
    """A listener on a path with a space, limit 3, one client waiting; an abstract datagram
    socket with a zero byte inside its name; a seqpacket pair, one end shut down for sending."""
    path = "/tmp/a b.sock"
    if os.path.exists(path):
        os.unlink(path)
    server = socket.socket(UNIX, socket.SOCK_STREAM)
    server.bind(path)
    server.listen(3)
    waiting = socket.socket(UNIX, socket.SOCK_STREAM)
    waiting.connect(path)
    abstract = socket.socket(UNIX, socket.SOCK_DGRAM)
    abstract.bind(b"\0x\0y")
    one, other = socket.socketpair(UNIX, socket.SOCK_SEQPACKET)
    one.shutdown(socket.SHUT_WR)
    # UDIAG_SHOW_*: NAME, VFS, PEER, ICONS, RQLEN, MEMINFO, UID.
    answer = ask(struct.pack("=BBHIIIII", UNIX, 0, 0, ALL_STATES, 0, 0x7F, 0, 0))
    os.unlink(path)
    return answer


def packet():
    """A raw one for every protocol with a receive ring on lo, in a fanout group; a datagram one
    for IPv4."""
    ring = socket.socket(PACKET, socket.SOCK_RAW, socket.htons(3))
    ring.bind(("lo", 3))
    ring.setsockopt(263, 10, struct.pack("=i", 2))  # PACKET_VERSION = TPACKET_V3
    ring.setsockopt(263, 5, struct.pack("=7I", 1 << 16, 2, 2048, 64, 60, 0, 1))  # RX_RING
    ring.setsockopt(263, 18, struct.pack("=i", 1 << 16 | 7))  # PACKET_FANOUT: LB, group 7
    plain = socket.socket(PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
    answer = ask(struct.pack("=BBHIIII", PACKET, 0, 0, 0, 0x1D, 0, 0))
    del plain
    return answer


def mptcp():
    """The upper layer of a subflow of MPTCP, on port 9006."""
    server = socket.socket(V4, socket.SOCK_STREAM, 262)
    server.bind(("127.0.0.1", 9006))
    server.listen(4)
    sender = socket.socket(V4, socket.SOCK_STREAM, 262)
    sender.bind(("127.0.0.1", 41007))
    sender.connect(("127.0.0.1", 9006))
    return ask_internet(V4, TCP)


def refused():
    """A protocol that this kernel has no inet_diag for: NLMSG_DONE with the status -ENOENT."""
    return ask_internet(V4, SCTP)


def record(make, path):
    """In a process of its own, so that its namespace and its sockets are gone with it."""
    child = os.fork()
    if child == 0:
        assert ctypes.CDLL(None).unshare(0x40000000) == 0, "CLONE_NEWNET"
        os.system("ip link set lo up")
        with open(path, "wb") as file:
            file.write(make())
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0, make.__name__


for make in [tcp, tcp6, udp, unix, packet, mptcp, refused]:
    record(make, f"{sys.argv[1]}/{make.__name__}.bin")
