/* Makes sockets of which it knows everything, and says what it knows: the truth that
 * scripts/check-kernels holds the tool against. It asks neither netlink nor /proc.
 *
 *   truth FOLDER
 *
 * Each line of standard input names a file; what is true at that moment is written there as JSON.
 * The end of input ends it. Times are milliseconds, addresses as sockinspect prints them. */
#define _GNU_SOURCE
#include "truth.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int must(const char *what, int result) {
  if (result >= 0) return result;
  fprintf(stderr, "truth: %s: %s\n", what, strerror(errno));
  exit(1);
}

long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

static const char *between = "";

void begin(FILE *out, const char *kind, const char *netid) {
  fprintf(out, "%s\n {\"kind\":\"%s\",\"netid\":\"%s\"", between, kind, netid);
  between = ",";
}

void number(FILE *out, const char *key, long long value) {
  fprintf(out, ",\"%s\":%lld", key, value);
}

void text(FILE *out, const char *key, const char *value) {
  fprintf(out, ",\"%s\":\"%s\"", key, value);
}

void hex(FILE *out, const char *key, const unsigned char *bytes, size_t count) {
  fprintf(out, ",\"%s\":\"", key);
  for (size_t i = 0; i < count; i++) fprintf(out, "%02x", bytes[i]);
  fprintf(out, "\"");
}

void end(FILE *out) { fprintf(out, "}"); }

static void answer(const char *path) {
  char partial[256];
  snprintf(partial, sizeof partial, "%s.part", path);
  FILE *out = fopen(partial, "w");
  must(path, out ? 0 : -1);
  fprintf(out, "{\"pid\":%d,\"sockets\":[", getpid());
  between = "";
  tell_tcp(out);
  tell_others(out);
  fprintf(out, "\n]}\n");
  fclose(out);
  must(path, rename(partial, path));
}

int main(int count, char **arguments) {
  if (count != 2) {
    fprintf(stderr, "usage: truth FOLDER\n");
    return 64;
  }
  signal(SIGPIPE, SIG_IGN);
  must(arguments[1], chdir(arguments[1]));
  make_tcp();
  make_others();
  char path[240];
  while (fgets(path, sizeof path, stdin)) {
    path[strcspn(path, "\n")] = 0;
    answer(path);
  }
  return 0;
}
