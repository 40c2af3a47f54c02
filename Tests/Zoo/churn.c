/* About 500 sockets a second come and go, of every kind, until standard input closes. */
#include "zoo.h"

#include <netinet/in.h>
#include <poll.h>
#include <unistd.h>

enum { ALIVE = 120 };
static int alive[ALIVE];
static int next;

/* Keeps a descriptor for a while: the oldest one makes room. */
static void keep(int fd) {
  if (alive[next] > 0) close(alive[next]);
  alive[next] = fd;
  next = (next + 1) % ALIVE;
}

static void connection(int listener, int family) {
  keep(connected_to(listener, family, SOCK_STREAM));
  keep(must("accept", accept(listener, NULL, NULL)));
}

static void datagram(int family) {
  int fd = made_socket(family, SOCK_DGRAM, 0);
  bind_loopback(fd, family, 0);
  keep(fd);
}

static void local_pair(void) {
  int ends[2];
  must("socketpair", socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
  keep(ends[0]);
  keep(ends[1]);
}

static int listening(int family) {
  int fd = made_socket(family, SOCK_STREAM, 0);
  bind_loopback(fd, family, 0);
  must("listen", listen(fd, 64));
  return fd;
}

static void breathe(int v4, int v6) {
  connection(v4, AF_INET);
  connection(v6, AF_INET6);
  datagram(AF_INET);
  datagram(AF_INET6);
  local_pair();
}

void churn(int is_private) {
  int v4 = listening(AF_INET), v6 = listening(AF_INET6);
  struct pollfd input = {.fd = 0, .events = POLLIN};
  for (int round = 0; round < ALIVE / 8; round++) breathe(v4, v6);
  announce(is_private);
  /* Eight sockets every 16 ms. */
  while (poll(&input, 1, 16) == 0) breathe(v4, v6);
}
