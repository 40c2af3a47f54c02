/* Making internet sockets at known addresses, and what their descriptors say of them. */
#include "truth.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

union name {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
};

static socklen_t internet(union name *name, int family, const char *address, int port) {
  memset(name, 0, sizeof *name);
  name->any.sa_family = (sa_family_t)family;
  if (family == AF_INET) {
    name->v4.sin_port = htons((in_port_t)port);
    must(address, inet_pton(family, address, &name->v4.sin_addr) - 1);
    return sizeof name->v4;
  }
  name->v6.sin6_port = htons((in_port_t)port);
  must(address, inet_pton(family, address, &name->v6.sin6_addr) - 1);
  return sizeof name->v6;
}

int made(int family, int type, int protocol) {
  return must("socket", socket(family, type, protocol));
}

void bind_to(int fd, int family, const char *address, int port) {
  union name name;
  socklen_t length = internet(&name, family, address, port);
  option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  must("bind", bind(fd, &name.any, length));
}

void connect_to(int fd, int family, const char *address, int port) {
  union name name;
  socklen_t length = internet(&name, family, address, port);
  must("connect", connect(fd, &name.any, length));
}

void option(int fd, int level, int name, int value) {
  must("setsockopt", setsockopt(fd, level, name, &value, sizeof value));
}

static void tell_name(FILE *out, const char *key, const union name *name) {
  char address[INET6_ADDRSTRLEN], port_key[16];
  int is_v4 = name->any.sa_family == AF_INET;
  const void *bytes = is_v4 ? (const void *)&name->v4.sin_addr : &name->v6.sin6_addr;
  text(out, key, inet_ntop(name->any.sa_family, bytes, address, sizeof address));
  snprintf(port_key, sizeof port_key, "%s_port", key);
  number(out, port_key, ntohs(is_v4 ? name->v4.sin_port : name->v6.sin6_port));
}

void tell_names(FILE *out, int fd) {
  union name name;
  socklen_t length = sizeof name;
  must("getsockname", getsockname(fd, &name.any, &length));
  tell_name(out, "local", &name);
  length = sizeof name;
  if (getpeername(fd, &name.any, &length) == 0) tell_name(out, "peer", &name);
}

void tell_inode(FILE *out, int fd) {
  struct stat file;
  must("fstat", fstat(fd, &file));
  number(out, "inode", (long long)file.st_ino);
}

void tell_queues(FILE *out, int fd) {
  int unread = 0, unacknowledged = 0;
  must("SIOCINQ", ioctl(fd, SIOCINQ, &unread));
  must("SIOCOUTQ", ioctl(fd, SIOCOUTQ, &unacknowledged));
  number(out, "recv_q", unread);
  number(out, "send_q", unacknowledged);
}
