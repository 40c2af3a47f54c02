/* Prototypes and constants of Linux calls that Swift's C library module leaves out.
 *
 * No code of ours and no system header: including the system's headers with _GNU_SOURCE
 * here would define types a second time beside the C library's own module. */
#ifndef SOCKINSPECT_CLINUX_H
#define SOCKINSPECT_CLINUX_H

/* sched.h: enter the namespace that an open /proc/<pid>/ns/<kind> refers to (since Linux 3.0). */
int setns(int fd, int nstype);
#define SOCKINSPECT_CLONE_NEWNET 0x40000000

/* dirent.h: folder entries with inode and kind, many per call (C library 2.30). */
long getdents64(int fd, void *buffer, unsigned long length);

/* linux/netlink.h: protocols of an AF_NETLINK socket. */
#define SOCKINSPECT_AF_NETLINK 16
#define SOCKINSPECT_NETLINK_ROUTE 0
#define SOCKINSPECT_NETLINK_SOCK_DIAG 4

/* sched.h: leave a namespace for a new one (since Linux 2.6.16). */
int unshare(int flags);

/* sys/prctl.h: the signal that we get when our parent ends (since Linux 2.1.57). */
int prctl(int option, ...);
static inline int sockinspect_set_parent_death_signal(int signal) {
  return prctl(1 /* PR_SET_PDEATHSIG */, (unsigned long)signal, 0UL, 0UL, 0UL);
}

#endif
