/* Raw IP and packet sockets; without CAP_NET_RAW they are reported as skipped. */
#include "zoo.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

/* The socket, or -1 when we may not have it. */
static int permitted(const char *kind, int family, int type, int protocol) {
  int fd = socket(family, type, protocol);
  if (fd < 0) skipped(kind, errno);
  return fd;
}

static void raw(const char *kind, int family, int protocol, int connects) {
  int fd = permitted(kind, family, SOCK_RAW, protocol);
  if (fd < 0) return;
  struct sockaddr_in loopback = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (connects) must("connect", connect(fd, (struct sockaddr *)&loopback, sizeof loopback));
  made(kind, fd);
}

void make_raw(void) {
  raw("raw4-icmp", AF_INET, IPPROTO_ICMP, 0);
  raw("raw4-unknown", AF_INET, 253, 0);
  raw("raw4-connected", AF_INET, 254, 1);
  raw("raw6-icmp", AF_INET6, IPPROTO_ICMPV6, 0);
}

/* Lets nothing through, so that a socket for all protocols stays empty. */
static void refuse_everything(int fd) {
  struct sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
  struct sock_fprog program = {.len = 1, .filter = &nothing};
  must("filter", setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program));
}

static int packet(const char *kind, int type, int protocol, const char *device) {
  int fd = permitted(kind, AF_PACKET, type, 0);
  if (fd < 0) return fd;
  refuse_everything(fd);
  struct sockaddr_ll place = {.sll_family = AF_PACKET, .sll_protocol = htons((uint16_t)protocol)};
  if (device) place.sll_ifindex = (int)if_nametoindex(device);
  must("bind", bind(fd, (struct sockaddr *)&place, sizeof place));
  made(kind, fd);
  return fd;
}

static void with_ring(void) {
  int fd = packet("packet-ring", SOCK_RAW, ETH_P_IP, "lo");
  if (fd < 0) return;
  struct tpacket_req ring = {4096, 4, 2048, 8};
  must("ring", setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &ring, sizeof ring));
  set_option(fd, SOL_PACKET, PACKET_FANOUT, 7 | PACKET_FANOUT_LB << 16);
}

void make_packet(void) {
  packet("packet-raw", SOCK_RAW, ETH_P_ALL, "lo");
  packet("packet-dgram", SOCK_DGRAM, ETH_P_ARP, NULL);
  packet("packet-unknown-protocol", SOCK_RAW, 0x1234, "lo");
  with_ring();
}
