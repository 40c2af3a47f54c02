/* TCP listeners of every address form, with connections accepted, waiting, and given up. */
#include "zoo.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <unistd.h>

static int listening(const char *kind, int family, int wildcard, int v6only) {
  int fd = made_socket(family, SOCK_STREAM, 0);
  if (family == AF_INET6) set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, v6only);
  if (wildcard) bind_wildcard(fd, family);
  else bind_loopback(fd, family, 0);
  must("listen", listen(fd, 7));
  made(kind, fd);
  return fd;
}

/* A client and its accepted end. */
static void accepted(const char *kind, int listener, int family) {
  char name[64];
  int client = connected_to(listener, family, SOCK_STREAM);
  int server = must("accept", accept(listener, NULL, NULL));
  send_bytes(client, 100);
  snprintf(name, sizeof name, "%s-client", kind);
  made(name, client);
  snprintf(name, sizeof name, "%s-accepted", kind);
  made(name, server);
}

/* Two connections stay in the accept queue; the second one's client has hung up again. */
static void waiting(int listener, int family) {
  int patient = connected_to(listener, family, SOCK_STREAM);
  send_bytes(patient, 8);
  made("tcp-waiting-client", patient);
  int gone = connected_to(listener, family, SOCK_STREAM);
  send_bytes(gone, 3);
  close(gone);
}

static void with_options(int listener) {
  int client = connected_to(listener, AF_INET, SOCK_STREAM);
  int server = must("accept", accept(listener, NULL, NULL));
  set_option(client, SOL_SOCKET, SO_KEEPALIVE, 1);
  must("reno", setsockopt(server, IPPROTO_TCP, TCP_CONGESTION, "reno", 4));
  set_option(server, IPPROTO_IP, IP_TOS, 0x20);
  made("tcp-keepalive", client);
  made("tcp-reno", server);
}

static void bound_to_device(void) {
  int fd = made_socket(AF_INET, SOCK_STREAM, 0);
  must("SO_BINDTODEVICE", setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3));
  bind_wildcard(fd, AF_INET);
  must("listen", listen(fd, 7));
  made("tcp4-device", fd);
}

void make_tcp(void) {
  int v4 = listening("tcp4-listener", AF_INET, 0, 0);
  accepted("tcp4", v4, AF_INET);
  with_options(v4);
  waiting(v4, AF_INET);
  int v6 = listening("tcp6-listener", AF_INET6, 0, 0);
  accepted("tcp6", v6, AF_INET6);
  waiting(v6, AF_INET6);
  int dual = listening("tcp-dual-listener", AF_INET6, 1, 0);
  accepted("tcp-mapped", dual, AF_INET);
  accepted("tcp-dual", dual, AF_INET6);
  listening("tcp6-only-listener", AF_INET6, 1, 1);
  listening("tcp4-wildcard-listener", AF_INET, 1, 0);
  bound_to_device();
}
