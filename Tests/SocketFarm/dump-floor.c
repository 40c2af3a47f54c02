/* The least that listing TCP sockets can cost: asks sock_diag for IPv4 and IPv6 and throws the
 * answer away. Prints how many sockets there were.
 *
 *   dump-floor          no extensions
 *   dump-floor full     with tcp_info, memory and everything else that has a bit */
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static char buffer[256 * 1024];

static void give_up(const char *what) {
  perror(what);
  exit(1);
}

static void ask(int netlink, int family, int extensions) {
  struct {
    struct nlmsghdr header;
    struct inet_diag_req_v2 request;
  } message = {
      .header = {.nlmsg_len = sizeof message,
                 .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                 .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
      .request = {.sdiag_family = (unsigned char)family,
                  .sdiag_protocol = IPPROTO_TCP,
                  .idiag_ext = (unsigned char)extensions,
                  .idiag_states = ~0u},
  };
  if (send(netlink, &message, sizeof message, 0) < 0) give_up("send");
}

/* The messages of a dump, up to the one that ends it. */
static long receive(int netlink) {
  long sockets = 0;
  for (;;) {
    ssize_t size = recv(netlink, buffer, sizeof buffer, 0);
    if (size < 0) give_up("recv");
    int left = (int)size;
    for (struct nlmsghdr *at = (void *)buffer; NLMSG_OK(at, left); at = NLMSG_NEXT(at, left)) {
      if (at->nlmsg_type == NLMSG_DONE) return sockets;
      if (at->nlmsg_type == NLMSG_ERROR) give_up("NLMSG_ERROR");
      sockets++;
    }
  }
}

int main(int count, char **arguments) {
  int full = count > 1 && strcmp(arguments[1], "full") == 0;
  int netlink = socket(AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG);
  if (netlink < 0) give_up("socket");
  long sockets = 0;
  for (int i = 0; i < 2; i++) {
    ask(netlink, i == 0 ? AF_INET : AF_INET6, full ? 0xFF : 0);
    sockets += receive(netlink);
  }
  printf("%ld\n", sockets);
  return 0;
}
