/* One line of JSON that says what the zoo holds. Bytes are written as the code point of the same
 * number (0x1b as \u001b, 0xff as \u00ff), so that any bytes at all come through. */
#include "zoo.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static char made_list[65536], skipped_list[8192], named_list[8192];

/* The unused end of a list; what does not fit is cut, and the reader finds the JSON broken. */
#define ROOM(list) list + strlen(list), sizeof list - strlen(list)

static void add_bytes(char *list, size_t size, const char *bytes, size_t length) {
  for (size_t i = 0; i < length; i++) {
    size_t used = strlen(list);
    snprintf(list + used, size - used, "\\u%04x", (unsigned char)bytes[i]);
  }
}

static void add_address(int fd) {
  union {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_un local;
  } name;
  socklen_t length = sizeof name;
  if (getsockname(fd, &name.any, &length) < 0) return;
  if (name.any.sa_family == AF_INET) {
    snprintf(ROOM(made_list), ",\"port\":%d", ntohs(name.v4.sin_port));
  } else if (name.any.sa_family == AF_INET6) {
    snprintf(ROOM(made_list), ",\"port\":%d", ntohs(name.v6.sin6_port));
  } else if (name.any.sa_family == AF_UNIX && length > sizeof(sa_family_t)) {
    snprintf(ROOM(made_list), ",\"path\":\"");
    add_bytes(made_list, sizeof made_list, name.local.sun_path, length - sizeof(sa_family_t));
    snprintf(ROOM(made_list), "\"");
  }
}

void made(const char *kind, int fd) {
  struct stat file;
  must("fstat", fstat(fd, &file));
  snprintf(ROOM(made_list), "%s{\"kind\":\"%s\",\"fd\":%d,\"inode\":%lu",
           made_list[0] ? "," : "", kind, fd, (unsigned long)file.st_ino);
  add_address(fd);
  snprintf(ROOM(made_list), "}");
}

void skipped(const char *kind, int error) {
  snprintf(ROOM(skipped_list), "%s{\"kind\":\"%s\",\"reason\":\"%s\"}",
           skipped_list[0] ? "," : "", kind, strerror(error));
}

void named(const char *name, size_t length, int pid) {
  snprintf(ROOM(named_list), "%s{\"pid\":%d,\"name\":\"", named_list[0] ? "," : "", pid);
  add_bytes(named_list, sizeof named_list, name, length);
  snprintf(ROOM(named_list), "\"}");
}

void announce(int is_private) {
  printf("{\"pid\":%d,\"private\":%s,\"made\":[%s],\"skipped\":[%s],\"named\":[%s]}\n",
         getpid(), is_private ? "true" : "false", made_list, skipped_list, named_list);
  fflush(stdout);
}
