/* TCP: a full listener whose every drop is known, connections whose ages are, and the forms of
 * addresses, options and remnants that decoders meet. */
#define _GNU_SOURCE
#include "truth.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define HOME "127.0.0.1"

enum { full_port = 9001, quiet_port, leaving_port, dual_port, strict_port, multipath_port };
enum { full_limit = 4, queued_count = full_limit + 1, refused_count = 3, gone = 1 };

static int full, quiet, client, server, writer, reader, dual, mapped, strict, multipath;
static int queued[queued_count], refused[refused_count];
static long long queued_since[queued_count], server_sent, server_received;

static int listening(int family, const char *address, int port, int limit, int only) {
  int fd = made(family, SOCK_STREAM, 0);
  if (family == AF_INET6) option(fd, IPPROTO_IPV6, IPV6_V6ONLY, only);
  bind_to(fd, family, address, port);
  must("listen", listen(fd, limit));
  return fd;
}

static int calling(int from, int port, int flags) {
  int fd = made(AF_INET, SOCK_STREAM | flags, 0);
  bind_to(fd, AF_INET, HOME, from);
  if (!flags) connect_to(fd, AF_INET, HOME, port);
  return fd;
}

static void send_all(int fd, const char *bytes) {
  must("send", (int)send(fd, bytes, strlen(bytes), 0));
}

/* Five wait where four may, one of them with two bytes and one that has hung up; the SYNs of three
 * more are dropped, and are sent again and again. */
static void make_full(void) {
  full = listening(AF_INET, HOME, full_port, full_limit, 0);
  for (int i = 0; i < queued_count; i++) {
    queued[i] = calling(41001 + i, full_port, 0);
    queued_since[i] = now();
  }
  send_all(queued[0], "hi");
  close(queued[gone]);
  for (int i = 0; i < refused_count; i++) {
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons(full_port)};
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    refused[i] = calling(41011 + i, full_port, SOCK_NONBLOCK);
    connect(refused[i], (struct sockaddr *)&name, sizeof name);
  }
}

static int accepted(int from) { return must("accept", accept(from, NULL, NULL)); }

/* A conversation that fell silent: the server sent last, and five bytes are not read. */
static void make_conversation(void) {
  char bytes[8];
  quiet = listening(AF_INET, HOME, quiet_port, 5, 0);
  client = calling(41021, quiet_port, 0);
  option(client, SOL_SOCKET, SO_MARK, 0x2A);
  option(client, IPPROTO_IP, IP_TOS, 0x10);
  server = accepted(quiet);
  send_all(client, "ask");
  must("read the question", (int)read(server, bytes, sizeof bytes));
  server_received = now();
  /* Not on every kernel: Debian has it as a module. */
  setsockopt(server, IPPROTO_TCP, TCP_CONGESTION, "bbr", 3);
  usleep(50000);
  send_all(server, "reply");
  server_sent = now();
  must("shutdown", shutdown(server, SHUT_RD));
}

/* The other end does not read, until no window is left. */
static void make_stuck(void) {
  char bytes[4096] = {0};
  writer = calling(41022, quiet_port, 0);
  reader = accepted(quiet);
  while (send(writer, bytes, sizeof bytes, MSG_DONTWAIT) > 0) continue;
  /* What is on its way arrives now. */
  usleep(200000);
}

/* TIME-WAIT: the server's end closes first. */
static void make_remnant(void) {
  char byte;
  int listener = listening(AF_INET, HOME, leaving_port, 1, 0);
  int caller = calling(41023, leaving_port, 0);
  close(accepted(listener));
  must("read the end", (int)read(caller, &byte, 1));
  close(caller);
  close(listener);
}

static void make_families(void) {
  dual = listening(AF_INET6, "::", dual_port, 7, 0);
  mapped = calling(41024, dual_port, 0);
  strict = listening(AF_INET6, "::1", strict_port, 8, 1);
}

/* A kernel without MPTCP has none. */
static void make_multipath(void) {
  multipath = socket(AF_INET, SOCK_STREAM, 262);
  int fd = socket(AF_INET, SOCK_STREAM, 262);
  if (multipath < 0 || fd < 0) return;
  bind_to(multipath, AF_INET, HOME, multipath_port);
  must("listen", listen(multipath, 4));
  bind_to(fd, AF_INET, HOME, 41025);
  connect_to(fd, AF_INET, HOME, multipath_port);
}

void make_tcp(void) {
  make_full();
  make_conversation();
  make_stuck();
  make_remnant();
  make_families();
  make_multipath();
}

/* SYNs that this end has sent, each of which the full listener dropped. */
static long long sent_syns(int fd) {
  struct tcp_info info = {0};
  socklen_t length = sizeof info;
  must("TCP_INFO", getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length));
  return 1 + info.tcpi_total_retrans;
}

static void tell_listener(FILE *out, const char *kind, int fd, long long limit, long long waiting) {
  begin(out, kind, "tcp");
  text(out, "state", "LISTEN");
  tell_names(out, fd);
  tell_inode(out, fd);
  number(out, "limit", limit);
  number(out, "waiting", waiting);
}

static void tell_full(FILE *out) {
  long long drops = 0;
  for (int i = 0; i < refused_count; i++) drops += sent_syns(refused[i]);
  tell_listener(out, "full", full, full_limit, queued_count);
  number(out, "drops", drops);
  number(out, "abandoned", 1);
  number(out, "oldest_ms", now() - queued_since[0]);
  end(out);
}

static void tell_ends(FILE *out, int local, int peer) {
  text(out, "local", HOME);
  number(out, "local_port", local);
  text(out, "peer", HOME);
  number(out, "peer_port", peer);
}

/* The server's ends, which nobody has a descriptor of. */
static void tell_queued(FILE *out) {
  for (int i = 0; i < queued_count; i++) {
    begin(out, "queued", "tcp");
    text(out, "state", i == gone ? "CLOSE-WAIT" : "ESTAB");
    tell_ends(out, full_port, 41001 + i);
    number(out, "inode", 0);
    number(out, "recv_q", i == 0 ? 2 : i == gone ? 1 : 0); /* a FIN counts as a byte */
    number(out, "send_q", 0);
    number(out, "waiting_ms", now() - queued_since[i]);
    end(out);
  }
}

static void tell_socket(FILE *out, int fd) {
  unsigned char info[512];
  socklen_t length = sizeof info;
  tell_names(out, fd);
  tell_inode(out, fd);
  must("TCP_INFO", getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, &length));
  hex(out, "tcp_info", info, length);
}

static void tell_congestion(FILE *out, int fd) {
  char name[16] = {0};
  unsigned char info[64];
  socklen_t length = sizeof name;
  must("TCP_CONGESTION", getsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name, &length));
  text(out, "congestion", name);
  length = sizeof info;
  must("TCP_CC_INFO", getsockopt(fd, IPPROTO_TCP, 26, info, &length));
  hex(out, "congestion_info", info, length);
}

/* Where no class was set for the socket, its priority counts as one. */
static void tell_priority(FILE *out, int fd) {
  int priority = 0;
  socklen_t length = sizeof priority;
  must("SO_PRIORITY", getsockopt(fd, SOL_SOCKET, SO_PRIORITY, &priority, &length));
  number(out, "class", priority);
}

/* We are in the root of the only hierarchy. */
static void tell_cgroup(FILE *out) {
  struct stat root;
  must("/sys/fs/cgroup", stat("/sys/fs/cgroup", &root));
  number(out, "cgroup", (long long)root.st_ino);
}

static void tell_conversation(FILE *out) {
  begin(out, "client", "tcp");
  text(out, "state", "ESTAB");
  tell_socket(out, client);
  tell_queues(out, client);
  number(out, "mark", 0x2A);
  number(out, "tos", 0x10);
  tell_priority(out, client);
  tell_cgroup(out);
  end(out);
  begin(out, "server", "tcp");
  text(out, "state", "ESTAB");
  tell_socket(out, server);
  tell_queues(out, server);
  tell_congestion(out, server);
  number(out, "shutdown", 1);
  number(out, "sent_ms", now() - server_sent);
  number(out, "received_ms", now() - server_received);
  end(out);
}

static void tell_connection(FILE *out, const char *kind, int fd) {
  begin(out, kind, "tcp");
  text(out, "state", "ESTAB");
  tell_socket(out, fd);
  tell_queues(out, fd);
  end(out);
}

static void tell_refused(FILE *out) {
  for (int i = 0; i < refused_count; i++) {
    begin(out, "refused", "tcp");
    text(out, "state", "SYN-SENT");
    tell_ends(out, 41011 + i, full_port);
    tell_inode(out, refused[i]);
    end(out);
  }
}

static void tell_remnants(FILE *out) {
  begin(out, "time-wait", "tcp");
  text(out, "state", "TIME-WAIT");
  tell_ends(out, leaving_port, 41023);
  number(out, "inode", 0);
  end(out);
  begin(out, "hung-up", "tcp");
  text(out, "state", "FIN-WAIT-2");
  tell_ends(out, 41001 + gone, full_port);
  number(out, "inode", 0);
  end(out);
}

static void tell_families(FILE *out) {
  tell_listener(out, "dual", dual, 7, 1);
  number(out, "v6only", 0);
  end(out);
  begin(out, "mapped", "tcp");
  text(out, "state", "ESTAB");
  text(out, "local", "::ffff:" HOME);
  number(out, "local_port", dual_port);
  text(out, "peer", "::ffff:" HOME);
  number(out, "peer_port", 41024);
  number(out, "inode", 0);
  end(out);
  tell_listener(out, "strict", strict, 8, 0);
  number(out, "v6only", 1);
  end(out);
}

void tell_tcp(FILE *out) {
  tell_full(out);
  tell_queued(out);
  tell_refused(out);
  tell_listener(out, "quiet", quiet, 5, 0);
  end(out);
  tell_conversation(out);
  tell_connection(out, "writer", writer);
  tell_connection(out, "reader", reader);
  tell_remnants(out);
  tell_families(out);
  if (multipath < 0) return;
  begin(out, "multipath", "tcp");
  text(out, "state", "ESTAB");
  tell_ends(out, 41025, multipath_port);
  text(out, "upper_layer", "mptcp");
  end(out);
}
