/* UDP, unix, raw and packet sockets. */
#define _GNU_SOURCE
#include "truth.h"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define HOME "127.0.0.1"

enum { reading_port = 9011, losing_port, sending_port = 41031, flooding_port };
enum { sent_datagrams = 60, stream_limit = 2, stream_waiting = 3 };

static int receiver, sender, loser, flooder;
static long long received;
static int streams, strangers, pair[2], abstract, echo, ring, plain;

static int datagrams(int port, int peer) {
  int fd = made(AF_INET, SOCK_DGRAM, 0);
  bind_to(fd, AF_INET, HOME, port);
  if (peer) connect_to(fd, AF_INET, HOME, peer);
  return fd;
}

static void make_unread(void) {
  receiver = datagrams(reading_port, 0);
  sender = datagrams(sending_port, reading_port);
  must("send", (int)send(sender, "one", 3, 0));
  must("send", (int)send(sender, "two", 3, 0));
}

/* What does not fit is dropped; what did fit is read, so that the drops are known. */
static void make_lost(void) {
  char bytes[500] = {0};
  loser = datagrams(losing_port, 0);
  option(loser, SOL_SOCKET, SO_RCVBUF, 4096);
  flooder = datagrams(flooding_port, losing_port);
  for (int i = 0; i < sent_datagrams; i++) must("send", (int)send(flooder, bytes, 500, 0));
  while (recv(loser, bytes, sizeof bytes, MSG_DONTWAIT) > 0) received++;
}

static int local(struct sockaddr_un *name, const char *bytes, size_t length) {
  memset(name, 0, sizeof *name);
  name->sun_family = AF_UNIX;
  memcpy(name->sun_path, bytes, length);
  return (int)(offsetof(struct sockaddr_un, sun_path) + length);
}

/* A full listener on a path with a space, relative to the folder; who waits has sent a line. */
static void make_unix(void) {
  struct sockaddr_un name;
  socklen_t length = (socklen_t)local(&name, "a b.sock", 9);
  unlink("a b.sock");
  streams = made(AF_UNIX, SOCK_STREAM, 0);
  must("bind", bind(streams, (struct sockaddr *)&name, length));
  must("listen", listen(streams, stream_limit));
  for (int i = 0; i < stream_waiting; i++) {
    strangers = made(AF_UNIX, SOCK_STREAM, 0);
    must("connect", connect(strangers, (struct sockaddr *)&name, length));
  }
  abstract = made(AF_UNIX, SOCK_DGRAM, 0);
  length = (socklen_t)local(&name, "\0x\0y", 4);
  must("bind", bind(abstract, (struct sockaddr *)&name, length));
  must("socketpair", socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair));
  must("shutdown", shutdown(pair[0], SHUT_WR));
}

/* Lets nothing through, so that it stays empty. */
static void refuse_everything(int fd) {
  struct sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
  struct sock_fprog program = {.len = 1, .filter = &nothing};
  must("filter", setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program));
}

static void make_packet(void) {
  struct sockaddr_ll place = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
  struct tpacket_req3 size = {1 << 16, 2, 2048, 64, 60, 0, 1};
  ring = made(AF_PACKET, SOCK_RAW, 0);
  refuse_everything(ring);
  place.sll_ifindex = (int)if_nametoindex("lo");
  must("bind", bind(ring, (struct sockaddr *)&place, sizeof place));
  option(ring, SOL_PACKET, PACKET_VERSION, TPACKET_V3);
  must("ring", setsockopt(ring, SOL_PACKET, PACKET_RX_RING, &size, sizeof size));
  option(ring, SOL_PACKET, PACKET_FANOUT, 9 | PACKET_FANOUT_LB << 16);
  plain = made(AF_PACKET, SOCK_DGRAM, htons(ETH_P_ARP));
}

void make_others(void) {
  make_unread();
  make_lost();
  make_unix();
  echo = made(AF_INET, SOCK_RAW, IPPROTO_ICMP);
  make_packet();
}

static void tell_datagrams(FILE *out, const char *kind, int fd, int connected) {
  begin(out, kind, "udp");
  text(out, "state", connected ? "ESTAB" : "UNCONN");
  tell_names(out, fd);
  tell_inode(out, fd);
}

static void tell_udp(FILE *out) {
  tell_datagrams(out, "receiver", receiver, 0);
  number(out, "datagrams", 2);
  number(out, "drops", 0);
  end(out);
  tell_datagrams(out, "sender", sender, 1);
  end(out);
  tell_datagrams(out, "loser", loser, 0);
  number(out, "datagrams", 0);
  number(out, "recv_q", 0);
  number(out, "drops", sent_datagrams - received);
  end(out);
}

static void tell_pair(FILE *out) {
  for (int i = 0; i < 2; i++) {
    begin(out, "pair", "u_seq");
    text(out, "state", "ESTAB");
    tell_inode(out, pair[i]);
    number(out, "shutdown", i == 0 ? 2 : 1); /* what one will not send the other cannot read */
    end(out);
  }
}

static void tell_unix(FILE *out) {
  begin(out, "streams", "u_str");
  text(out, "state", "LISTEN");
  text(out, "path", "a b.sock");
  tell_inode(out, streams);
  number(out, "limit", stream_limit);
  number(out, "waiting", stream_waiting);
  end(out);
  begin(out, "stranger", "u_str"); /* the one that came last */
  text(out, "state", "ESTAB");
  tell_inode(out, strangers);
  end(out);
  begin(out, "abstract", "u_dgr");
  text(out, "state", "UNCONN");
  hex(out, "name", (const unsigned char *)"\0x\0y", 4);
  tell_inode(out, abstract);
  end(out);
  tell_pair(out);
}

static void tell_link(FILE *out) {
  begin(out, "raw", "raw");
  text(out, "state", "UNCONN");
  tell_inode(out, echo);
  number(out, "protocol", IPPROTO_ICMP);
  end(out);
  begin(out, "ring", "p_raw");
  text(out, "state", "UNCONN");
  tell_inode(out, ring);
  number(out, "protocol", ETH_P_ALL);
  number(out, "interface", if_nametoindex("lo"));
  number(out, "fanout", 0x10009);
  number(out, "block_size", 1 << 16);
  number(out, "block_count", 2);
  number(out, "frame_size", 2048);
  number(out, "frame_count", 64);
  end(out);
  begin(out, "plain", "p_dgr");
  text(out, "state", "UNCONN");
  tell_inode(out, plain);
  number(out, "protocol", ETH_P_ARP);
  end(out);
}

void tell_others(FILE *out) {
  tell_udp(out);
  tell_unix(out);
  tell_link(out);
}
