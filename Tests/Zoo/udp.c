/* UDP: bound, connected, with unread datagrams, wildcard in three kinds, bound to a device. */
#include "zoo.h"

#include <netinet/in.h>

static void pair(int family, const char *receiver_kind, const char *sender_kind) {
  int receiver = made_socket(family, SOCK_DGRAM, 0);
  bind_loopback(receiver, family, 0);
  int sender = connected_to(receiver, family, SOCK_DGRAM);
  send_bytes(sender, 40);
  send_bytes(sender, 400);
  made(receiver_kind, receiver);
  made(sender_kind, sender);
}

static void wildcard(const char *kind, int family, int v6only) {
  int fd = made_socket(family, SOCK_DGRAM, 0);
  if (family == AF_INET6) set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, v6only);
  bind_wildcard(fd, family);
  made(kind, fd);
}

static void bound_to_device(void) {
  int fd = made_socket(AF_INET, SOCK_DGRAM, 0);
  must("SO_BINDTODEVICE", setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3));
  bind_wildcard(fd, AF_INET);
  made("udp4-device", fd);
}

void make_udp(void) {
  pair(AF_INET, "udp4-bound", "udp4-connected");
  pair(AF_INET6, "udp6-bound", "udp6-connected");
  wildcard("udp4-wildcard", AF_INET, 0);
  wildcard("udp-dual", AF_INET6, 0);
  wildcard("udp6-only", AF_INET6, 1);
  bound_to_device();
}
