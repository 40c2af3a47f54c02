/* What the parts of the truth share. */
#ifndef TRUTH_H
#define TRUTH_H

#include <stdio.h>

/* Ends the program with a reason instead of returning a failure. */
int must(const char *what, int result);
/* CLOCK_MONOTONIC in milliseconds. */
long long now(void);

/* One socket: begin, its facts, end. */
void begin(FILE *out, const char *kind, const char *netid);
void number(FILE *out, const char *key, long long value);
void text(FILE *out, const char *key, const char *value);
void hex(FILE *out, const char *key, const unsigned char *bytes, size_t count);
void end(FILE *out);

/* truth_inet.c: TCP. */
void make_tcp(void);
void tell_tcp(FILE *out);
/* truth_others.c: UDP, unix, raw and packet sockets. */
void make_others(void);
void tell_others(FILE *out);

/* truth_names.c: internet sockets at known addresses, and what descriptors say of them. */
int made(int family, int type, int protocol);
void bind_to(int fd, int family, const char *address, int port);
void connect_to(int fd, int family, const char *address, int port);
void option(int fd, int level, int name, int value);
void tell_names(FILE *out, int fd);
void tell_inode(FILE *out, int fd);
/* Bytes to read and bytes not yet acknowledged, as ioctl says. */
void tell_queues(FILE *out, int fd);

#endif
