/* Sockets that must exist: a failure ends the program with one line that says which and why. */
#include "zoo.h"

#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

int must(const char *what, int result) {
  if (result >= 0) return result;
  fprintf(stderr, "zoo: %s: %s\n", what, strerror(errno));
  exit(1);
}

int made_socket(int family, int type, int protocol) {
  return must("socket", socket(family, type, protocol));
}

static socklen_t internet(struct sockaddr_storage *name, int family, int port, int loopback) {
  memset(name, 0, sizeof *name);
  name->ss_family = (sa_family_t)family;
  if (family == AF_INET) {
    struct sockaddr_in *v4 = (struct sockaddr_in *)name;
    v4->sin_port = htons((in_port_t)port);
    v4->sin_addr.s_addr = htonl(loopback ? INADDR_LOOPBACK : INADDR_ANY);
    return sizeof *v4;
  }
  struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)name;
  v6->sin6_port = htons((in_port_t)port);
  v6->sin6_addr = loopback ? in6addr_loopback : in6addr_any;
  return sizeof *v6;
}

void bind_loopback(int fd, int family, int port) {
  struct sockaddr_storage name;
  socklen_t length = internet(&name, family, port, 1);
  must("bind to loopback", bind(fd, (struct sockaddr *)&name, length));
}

void bind_wildcard(int fd, int family) {
  struct sockaddr_storage name;
  socklen_t length = internet(&name, family, 0, 0);
  must("bind to wildcard", bind(fd, (struct sockaddr *)&name, length));
}

static int port_of(int fd) {
  struct sockaddr_storage name;
  socklen_t length = sizeof name;
  must("getsockname", getsockname(fd, (struct sockaddr *)&name, &length));
  return ntohs(((struct sockaddr_in *)&name)->sin_port); /* same place in sockaddr_in6 */
}

/* The family may differ from the listener's: an IPv4 client of a dual-stack listener. */
int connected_to(int server, int family, int type) {
  struct sockaddr_storage name;
  socklen_t length = internet(&name, family, port_of(server), 1);
  int fd = made_socket(family, type, 0);
  int result = connect(fd, (struct sockaddr *)&name, length);
  if (result < 0 && errno == EINPROGRESS) result = 0;
  must("connect", result);
  return fd;
}

void send_bytes(int fd, size_t count) {
  char bytes[1024] = {0};
  must("send", (int)send(fd, bytes, count < sizeof bytes ? count : sizeof bytes, 0));
}

void set_option(int fd, int level, int name, int value) {
  must("setsockopt", setsockopt(fd, level, name, &value, sizeof value));
}

int child(void) {
  int parent = getpid();
  int pid = must("fork", fork());
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) exit(0);
  }
  return pid;
}

void rest(void) {
  for (;;) pause();
}
