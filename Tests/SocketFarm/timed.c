/* Runs a command with its output thrown away and prints what it cost:
 *
 *   timed LIMIT COMMAND [ARGUMENT]...
 *   WALL-SECONDS USER-SECONDS SYSTEM-SECONDS MOST-KIB-RESIDENT STATUS
 *
 * STATUS is the exit status, or 124 when the command was ended after LIMIT seconds. A program of
 * its own, because it has to be small: the kernel counts the memory that a process had before
 * exec, so measuring from a larger one (a shell, an interpreter) shows at least its size. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;
static volatile pid_t child;
static volatile sig_atomic_t ended;

static void end_child(int signal) {
  ended = signal == SIGALRM ? 124 : 128 + signal;
  if (child > 0) kill(child, SIGKILL);
}

static double seconds(struct timeval time) { return time.tv_sec + time.tv_usec / 1e6; }

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static void start(char **command) {
  posix_spawn_file_actions_t silence;
  posix_spawn_file_actions_init(&silence);
  posix_spawn_file_actions_addopen(&silence, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&silence, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&silence, 2, "/dev/null", O_WRONLY, 0);
  pid_t started;
  if (posix_spawnp(&started, command[0], &silence, NULL, command, environ) != 0) exit(127);
  child = started;
}

int main(int count, char **arguments) {
  if (count < 3) return 64;
  signal(SIGALRM, end_child);
  signal(SIGTERM, end_child);
  signal(SIGINT, end_child);
  double begun = now();
  start(arguments + 2);
  alarm((unsigned)atoi(arguments[1]));
  int status = 0;
  struct rusage used;
  while (wait4(child, &status, 0, &used) < 0) continue;
  double wall = now() - begun;
  int code = ended ? ended : WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  printf("%.6f %.6f %.6f %ld %d\n", wall, seconds(used.ru_utime), seconds(used.ru_stime),
         used.ru_maxrss, code);
  return 0;
}
