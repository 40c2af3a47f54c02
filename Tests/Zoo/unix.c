/* unix sockets: all three types, every form of name, with connections waiting and bytes unread. */
#include "zoo.h"

#include <stdio.h>
#include <string.h>
#include <sys/un.h>

static socklen_t local(struct sockaddr_un *name, const char *bytes, size_t length) {
  memset(name, 0, sizeof *name);
  name->sun_family = AF_UNIX;
  memcpy(name->sun_path, bytes, length);
  return (socklen_t)(sizeof(sa_family_t) + length);
}

static int bound(const char *kind, int type, const char *bytes, size_t length) {
  struct sockaddr_un name;
  socklen_t size = local(&name, bytes, length);
  int fd = made_socket(AF_UNIX, type, 0);
  must(kind, bind(fd, (struct sockaddr *)&name, size));
  if (type != SOCK_DGRAM) must("listen", listen(fd, 5));
  made(kind, fd);
  return fd;
}

static int in_folder(const char *kind, int type, const char *folder, const char *file) {
  char path[100];
  int length = snprintf(path, sizeof path, "%s/%s", folder, file);
  return bound(kind, type, path, (size_t)length);
}

static int client(const char *kind, int type, int server) {
  struct sockaddr_un name;
  socklen_t size = sizeof name;
  must("getsockname", getsockname(server, (struct sockaddr *)&name, &size));
  int fd = made_socket(AF_UNIX, type, 0);
  must("connect", connect(fd, (struct sockaddr *)&name, size));
  send_bytes(fd, 16);
  made(kind, fd);
  return fd;
}

static void streams(const char *folder) {
  int listener = in_folder("unix-stream-listener", SOCK_STREAM, folder, "stream.sock");
  client("unix-stream-client", SOCK_STREAM, listener);
  made("unix-stream-accepted", must("accept", accept(listener, NULL, NULL)));
  client("unix-stream-waiting", SOCK_STREAM, listener);
  client("unix-stream-waiting", SOCK_STREAM, listener);
  in_folder("unix-stream-spaces", SOCK_STREAM, folder, "a path  with spaces");
}

/* Abstract names live in the network namespace; the number keeps two zoos apart. */
static void abstract(const char *folder) {
  char name[100];
  int length = snprintf(name, sizeof name, "%cabstract %s", 0, strrchr(folder, '/'));
  bound("unix-abstract", SOCK_STREAM, name, (size_t)length);
  length = snprintf(name, sizeof name, "%cnull%cinside%c%s", 0, 0, 0, strrchr(folder, '/'));
  bound("unix-abstract-null", SOCK_STREAM, name, (size_t)length);
}

static void unnamed(const char *kind, int type) {
  int ends[2];
  must("socketpair", socketpair(AF_UNIX, type, 0, ends));
  send_bytes(ends[0], 9);
  made(kind, ends[0]);
  made(kind, ends[1]);
}

void make_unix(const char *folder) {
  streams(folder);
  abstract(folder);
  int datagrams = in_folder("unix-dgram", SOCK_DGRAM, folder, "dgram.sock");
  client("unix-dgram-client", SOCK_DGRAM, datagrams);
  int packets = in_folder("unix-seqpacket-listener", SOCK_SEQPACKET, folder, "seq.sock");
  client("unix-seqpacket-waiting", SOCK_SEQPACKET, packets);
  unnamed("unix-stream-pair", SOCK_STREAM);
  unnamed("unix-dgram-pair", SOCK_DGRAM);
  unnamed("unix-seqpacket-pair", SOCK_SEQPACKET);
  made("unix-stream-unconnected", made_socket(AF_UNIX, SOCK_STREAM, 0));
}
