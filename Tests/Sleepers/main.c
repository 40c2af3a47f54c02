/* sleepers: one thread asleep in each system call that the probe knows best.
 *
 * Every thread is named after its call. One line on standard output tells that all are on their
 * way: "ready" and, for each descriptor that is waited for, its role and number. Ends when
 * standard input closes. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int quiet, listener, instance, locked, full, folder;
static char folder_name[] = "/tmp/sleepers-XXXXXX";
static pid_t child;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;

static int must(const char *what, int result) {
  if (result < 0) {
    perror(what);
    exit(1);
  }
  return result;
}

static void in_recvfrom(void) {
  char byte;
  recvfrom(quiet, &byte, 1, 0, NULL, NULL);
}

static void in_write(void) {
  static char block[1 << 20];
  while (write(full, block, sizeof block) > 0) continue;
}

static void in_accept(void) { accept(listener, NULL, NULL); }

static void in_poll(void) {
  struct pollfd entries[] = {{quiet, POLLIN, 0}, {-1, POLLIN, 0}, {full, POLLOUT, 0}};
  poll(entries, 3, 1000000);
}

static void in_select(void) {
  fd_set reading;
  FD_ZERO(&reading);
  FD_SET(quiet, &reading);
  FD_SET(listener, &reading);
  struct timeval most = {1000, 0};
  select(listener > quiet ? listener + 1 : quiet + 1, &reading, NULL, NULL, &most);
}

static void in_epoll(void) {
  struct epoll_event event;
  epoll_wait(instance, &event, 1, -1);
}

static void in_mutex(void) { pthread_mutex_lock(&mutex); }

static void in_condition(void) {
  struct timespec end = {0, 0};
  clock_gettime(CLOCK_REALTIME, &end);
  end.tv_sec += 1000;
  pthread_mutex_lock(&own);
  pthread_cond_timedwait(&condition, &own, &end);
}

static void in_nanosleep(void) {
  struct timespec duration = {1000, 500000000};
  syscall(SYS_nanosleep, &duration, NULL);
}

static void in_flock(void) { flock(locked, LOCK_EX); }

/* A FIFO that nobody writes to, opened from its folder. */
static void in_open(void) { openat(folder, "fifo", O_RDONLY); }

static void in_wait(void) { waitpid(child, NULL, 0); }

static const struct {
  const char *name;
  void (*sleep)(void);
} sleepers[] = {
    {"recvfrom", in_recvfrom}, {"write", in_write},         {"accept", in_accept},
    {"poll", in_poll},         {"select", in_select},       {"epoll", in_epoll},
    {"mutex", in_mutex},       {"condition", in_condition}, {"nanosleep", in_nanosleep},
    {"flock", in_flock},       {"wait", in_wait},           {"open", in_open},
};

static void *sleep_in(void *number) {
  size_t index = (size_t)number;
  prctl(PR_SET_NAME, sleepers[index].name);
  for (;;) sleepers[index].sleep();
  return NULL;
}

static void make_descriptors(void) {
  int pair[2], other[2], file;
  char name[] = "/tmp/sleepers-XXXXXX";
  must("make sockets", socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
  must("make sockets", socketpair(AF_UNIX, SOCK_STREAM, 0, other));
  quiet = pair[0];
  full = other[0];
  listener = must("make a socket", socket(AF_INET, SOCK_STREAM, 0));
  must("listen", listen(listener, 1));
  instance = must("make an epoll instance", epoll_create1(0));
  struct epoll_event event = {.events = EPOLLIN};
  must("watch", epoll_ctl(instance, EPOLL_CTL_ADD, listener, &event));
  file = must("make a file", mkstemp(name));
  must("lock", flock(file, LOCK_EX));
  locked = must("open again", open(name, O_RDWR));
  unlink(name);
  if (!mkdtemp(folder_name)) must("make a folder", -1);
  folder = must("open a folder", open(folder_name, O_RDONLY | O_DIRECTORY));
  must("make a FIFO", mkfifoat(folder, "fifo", 0600));
}

static void make_child(void) {
  child = must("make a child", fork());
  if (child > 0) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() == 1) _exit(0);
  for (;;) pause();
}

int main(void) {
  char byte;
  make_descriptors();
  make_child();
  pthread_mutex_lock(&mutex);
  for (size_t index = 0; index < sizeof sleepers / sizeof *sleepers; index++) {
    pthread_t thread;
    must("start a thread", -pthread_create(&thread, NULL, sleep_in, (void *)index));
  }
  printf("ready quiet %d listener %d instance %d locked %d full %d folder %d child %d\n", quiet,
         listener, instance, locked, full, folder, child);
  fflush(stdout);
  while (read(0, &byte, 1) > 0) continue;
  unlinkat(folder, "fifo", 0);
  rmdir(folder_name);
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  return 0;
}
