/* Sockets with more than one holder, and one of another user. */
#include "zoo.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

static void inherited_and_doubled(void) {
  int fd = made_socket(AF_INET, SOCK_STREAM, 0);
  bind_loopback(fd, AF_INET, 0);
  must("listen", listen(fd, 16));
  made("tcp-doubled", must("dup", dup(fd)));
  made("tcp-shared", fd);
  if (child() == 0) rest();
}

/* The socket belongs to user 65534, its only holder is a child of that user. */
static void foreign(void) {
  int ready[2];
  must("pipe", pipe(ready));
  if (child() == 0) {
    must("setgid", setgid(65534));
    must("setuid", setuid(65534));
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* setuid has cleared it */
    int fd = made_socket(AF_INET, SOCK_STREAM, 0);
    bind_loopback(fd, AF_INET, 0);
    must("listen", listen(fd, 3));
    must("report", (int)write(ready[1], "", 1));
    rest();
  }
  char byte;
  close(ready[1]);
  must("wait for the child", (int)read(ready[0], &byte, 1));
  close(ready[0]);
}

void make_owners(void) {
  if (geteuid() == 0) foreign();
  inherited_and_doubled();
}
