/* What the keepers of the zoo share: making sockets that must exist, and telling what was made. */
#ifndef ZOO_H
#define ZOO_H

#include <stddef.h>
#include <sys/socket.h>

/* announcement.c: one JSON line on standard output once everything stands. */
void made(const char *kind, int fd);
void skipped(const char *kind, int error);
void named(const char *name, size_t length, int pid);
void announce(int is_private);

/* making.c: ends the program with a reason instead of returning a failure. */
int must(const char *what, int result);
int made_socket(int family, int type, int protocol);
void bind_loopback(int fd, int family, int port);
void bind_wildcard(int fd, int family);
int connected_to(int fd, int family, int type);
void send_bytes(int fd, size_t count);
void set_option(int fd, int level, int name, int value);
/* A child that only holds what it has inherited, and ends with us. */
int child(void);
void rest(void);

/* One file per kind of socket. */
void make_tcp(void);
void make_tcp_endings(void);
void make_tcp_beginnings(void);
void make_udp(void);
void make_unix(const char *folder);
void make_raw(void);
void make_packet(void);
void make_owners(void);
void make_names(const char *folder, int hostile);
/* Announces itself: what it holds comes and goes. */
void churn(int is_private);

#endif
