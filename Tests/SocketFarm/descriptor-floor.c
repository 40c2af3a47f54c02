/* The least that finding the owners of sockets can cost: reads where every descriptor of every
 * process points to and throws it away. Prints how many descriptors there were.
 *
 *   descriptor-floor THREADS */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { most_processes = 1 << 16, most_threads = 64 };

static int processes[most_processes];
static int known;
static atomic_int next;
static atomic_long descriptors;

static void list_processes(void) {
  DIR *proc = opendir("/proc");
  if (!proc) exit(1);
  for (struct dirent *entry; known < most_processes && (entry = readdir(proc));)
    if (isdigit((unsigned char)entry->d_name[0])) processes[known++] = atoi(entry->d_name);
  closedir(proc);
}

static long walk(int process) {
  char path[32], link[64];
  snprintf(path, sizeof path, "/proc/%d/fd", process);
  int folder = open(path, O_RDONLY | O_DIRECTORY);
  DIR *entries = folder < 0 ? NULL : fdopendir(folder);
  if (!entries) return 0;
  long seen = 0;
  for (struct dirent *entry; (entry = readdir(entries));)
    if (isdigit((unsigned char)entry->d_name[0]))
      seen += readlinkat(folder, entry->d_name, link, sizeof link) > 0;
  closedir(entries);
  return seen;
}

static void *work(void *none) {
  long seen = 0;
  for (int i; (i = atomic_fetch_add(&next, 1)) < known;) seen += walk(processes[i]);
  atomic_fetch_add(&descriptors, seen);
  return none;
}

int main(int count, char **arguments) {
  int threads = count > 1 ? atoi(arguments[1]) : 1;
  if (threads < 1 || threads > most_threads) return 64;
  list_processes();
  pthread_t others[most_threads];
  for (int i = 1; i < threads; i++) pthread_create(&others[i], NULL, work, NULL);
  work(NULL);
  for (int i = 1; i < threads; i++) pthread_join(others[i], NULL);
  printf("%ld\n", atomic_load(&descriptors));
  return 0;
}
