/* zoo FOLDER plain|hostile|churn [here]: holds one socket of every kind until standard input
 * closes.
 *
 * As root everything lives in a network namespace of its own, so that nothing else is listed;
 * with "here", or without the right, it lives among the others. */
#define _GNU_SOURCE
#include "zoo.h"

#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void raise_loopback(void) {
  struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
  int fd = made_socket(AF_INET, SOCK_DGRAM, 0);
  must("raise lo", ioctl(fd, SIOCSIFFLAGS, &request));
  close(fd);
}

static int move_out(void) {
  if (unshare(CLONE_NEWNET) < 0) return 0;
  raise_loopback();
  return 1;
}

/* Children first, while there is nothing that they would inherit and hold too. */
static void populate(const char *folder, int hostile) {
  make_names(folder, hostile);
  make_owners();
  make_tcp();
  make_tcp_endings();
  make_tcp_beginnings();
  make_udp();
  make_unix(folder);
  make_raw();
  make_packet();
}

static void wait_for_end_of_input(void) {
  char byte;
  while (read(0, &byte, 1) > 0) continue;
}

int main(int count, char **arguments) {
  if (count != 3 && count != 4) {
    fprintf(stderr, "usage: zoo FOLDER plain|hostile|churn [here]\n");
    return 64;
  }
  signal(SIGPIPE, SIG_IGN);
  int is_private = count == 3 && move_out();
  if (strcmp(arguments[2], "churn") == 0) {
    churn(is_private);
  } else {
    populate(arguments[1], strcmp(arguments[2], "hostile") == 0);
    announce(is_private);
    wait_for_end_of_input();
  }
  return 0;
}
