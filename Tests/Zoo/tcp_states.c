/* TCP connections at their beginning and their end: every state that can be held still. */
#include "zoo.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

static int listening(const char *kind, int backlog) {
  int fd = made_socket(AF_INET, SOCK_STREAM, 0);
  /* Small and fixed, so that a peer that does not read closes its window at once. */
  set_option(fd, SOL_SOCKET, SO_RCVBUF, 4096);
  bind_loopback(fd, AF_INET, 0);
  must("listen", listen(fd, backlog));
  made(kind, fd);
  return fd;
}

/* SYN-SENT: the one place of the queue is taken, so the second client's SYN is dropped. */
static void unanswered(void) {
  int full = listening("tcp-full-listener", 0);
  made("tcp-in-full-queue", connected_to(full, AF_INET, SOCK_STREAM));
  made("tcp-syn-sent", connected_to(full, AF_INET, SOCK_STREAM | SOCK_NONBLOCK));
}

/* SYN-RECV: the kernel keeps a silent client back until it says something. */
static void deferred(void) {
  int listener = listening("tcp-deferring-listener", 7);
  set_option(listener, IPPROTO_TCP, TCP_DEFER_ACCEPT, 120);
  made("tcp-silent-client", connected_to(listener, AF_INET, SOCK_STREAM));
}

void make_tcp_beginnings(void) {
  unanswered();
  deferred();
}

static void fill(int fd) {
  char bytes[4096] = {0};
  while (send(fd, bytes, sizeof bytes, MSG_DONTWAIT) > 0) continue;
}

/* FIN-WAIT-2 at the client, CLOSE-WAIT at the server, both held by a descriptor. */
static void half_closed(int listener) {
  int client = connected_to(listener, AF_INET, SOCK_STREAM);
  int server = must("accept", accept(listener, NULL, NULL));
  must("shutdown", shutdown(client, SHUT_WR));
  made("tcp-fin-wait-2", client);
  made("tcp-close-wait", server);
}

/* TIME-WAIT: the client closes first, then the server. */
static void finished(int listener) {
  int client = connected_to(listener, AF_INET, SOCK_STREAM);
  int server = must("accept", accept(listener, NULL, NULL));
  close(client);
  char byte;
  must("read the end", (int)read(server, &byte, 1));
  close(server);
}

/* FIN-WAIT-1: the FIN stands behind data that the peer has no room for. */
static void stuck_behind_data(int listener) {
  int client = connected_to(listener, AF_INET, SOCK_STREAM);
  int server = must("accept", accept(listener, NULL, NULL));
  fill(client);
  must("shutdown", shutdown(client, SHUT_WR));
  made("tcp-fin-wait-1", client);
  made("tcp-never-reads", server);
}

/* LAST-ACK: as before, and the peer had already said goodbye. */
static void stuck_at_the_last(int listener) {
  int client = connected_to(listener, AF_INET, SOCK_STREAM);
  int server = must("accept", accept(listener, NULL, NULL));
  must("shutdown", shutdown(server, SHUT_WR));
  char byte;
  must("read the end", (int)read(client, &byte, 1));
  fill(client);
  must("shutdown", shutdown(client, SHUT_WR));
  made("tcp-last-ack", client);
  made("tcp-fin-wait-2-unread", server);
}

void make_tcp_endings(void) {
  int listener = listening("tcp-endings-listener", 7);
  half_closed(listener);
  finished(listener);
  stuck_behind_data(listener);
  stuck_at_the_last(listener);
}
