/* Holds many loopback TCP connections in a network namespace of its own, for measuring.
 *
 *   socket-farm CONNECTIONS
 *
 * Says `ready pid=PID connections=N` when all are there (both ends belong to the farm, so there
 * are twice as many sockets, and a listener for each process), then waits for the end of its
 * standard input and goes away with all its children. Enter with `nsenter -t PID -n`. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <signal.h>

enum { spare_descriptors = 64, most_per_process = 9000, port = 7000, backlog = 16 };

static void must(int worked, const char *what) {
  if (worked) return;
  fprintf(stderr, "socket-farm: cannot %s: %s\n", what, strerror(errno));
  exit(1);
}

static void enter_own_namespace(void) {
  must(unshare(CLONE_NEWNET) == 0, "make a network namespace (it takes root)");
  int any = socket(AF_INET, SOCK_DGRAM, 0);
  must(any >= 0, "open a socket");
  struct ifreq loopback = {.ifr_name = "lo"};
  must(ioctl(any, SIOCGIFFLAGS, &loopback) == 0, "look at lo");
  loopback.ifr_flags |= IFF_UP;
  must(ioctl(any, SIOCSIFFLAGS, &loopback) == 0, "bring lo up");
  close(any);
}

/* How many connections, with both ends here, one process can hold. */
static int most_here(void) {
  struct rlimit files;
  must(getrlimit(RLIMIT_NOFILE, &files) == 0, "read the limit of open files");
  files.rlim_cur = files.rlim_max;
  must(setrlimit(RLIMIT_NOFILE, &files) == 0, "raise the limit of open files");
  /* A fifth stays free: a process near its limit is a finding, and this is a healthy host. */
  long most = ((long)files.rlim_max * 4 / 5 - spare_descriptors) / 2;
  return most < most_per_process ? (int)most : most_per_process;
}

/* Every process listens at an address of its own, so that ports suffice: 127.0.x.y. */
static struct sockaddr_in address_of(int process) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + (unsigned)process);
  return address;
}

static void connect_pairs(int process, int count) {
  struct sockaddr_in address = address_of(process);
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  must(listener >= 0, "open a listener");
  must(bind(listener, (struct sockaddr *)&address, sizeof address) == 0, "bind");
  must(listen(listener, backlog) == 0, "listen");
  for (int i = 0; i < count; i++) {
    int client = socket(AF_INET, SOCK_STREAM, 0);
    must(client >= 0, "open a client");
    must(connect(client, (struct sockaddr *)&address, sizeof address) == 0, "connect");
    must(accept(listener, NULL, NULL) >= 0, "accept");
  }
}

/* A child says with one byte that its connections are there; that the farm has ended it learns
 * from the end of a pipe that the farm alone can write to. */
static void start(int process, int count, const int done[2], const int alive[2]) {
  pid_t child = fork();
  must(child >= 0, "start a process");
  if (child > 0) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  close(alive[1]);
  close(STDIN_FILENO);
  connect_pairs(process, count);
  must(write(done[1], "", 1) == 1, "report");
  close(done[1]);
  char none;
  while (read(alive[0], &none, 1) < 0 && errno == EINTR) continue;
  _exit(0);
}

static void wait_until_all_are_done(int started, int done) {
  char one;
  while (started > 0 && read(done, &one, 1) == 1) started--;
  if (started == 0) return;
  fprintf(stderr, "socket-farm: %d of its processes gave up\n", started);
  exit(1);
}

int main(int count, char **arguments) {
  int wanted = count == 2 ? atoi(arguments[1]) : 0;
  if (wanted <= 0) {
    fprintf(stderr, "usage: socket-farm CONNECTIONS\n");
    return 64;
  }
  enter_own_namespace();
  int done[2], alive[2];
  must(pipe(done) == 0 && pipe(alive) == 0, "make a pipe");
  int most = most_here(), started = 0;
  for (int left = wanted; left > 0; left -= most)
    start(started++, left < most ? left : most, done, alive);
  close(done[1]);
  wait_until_all_are_done(started, done[0]);
  printf("ready pid=%d connections=%d\n", getpid(), wanted);
  fflush(stdout);
  char ignored[64];
  while (read(STDIN_FILENO, ignored, sizeof ignored) > 0) continue;
  close(alive[1]);
  while (wait(NULL) > 0) continue;
  return 0;
}
