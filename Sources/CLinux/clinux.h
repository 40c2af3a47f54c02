/* Prototypes and constants of Linux calls that Swift's C library module leaves out.
 *
 * No code of ours and no system header: including the system's headers with _GNU_SOURCE
 * here would define types a second time beside the C library's own module. */
#ifndef SOCKINSPECT_CLINUX_H
#define SOCKINSPECT_CLINUX_H

/* sched.h: enter the namespace that an open /proc/<pid>/ns/<kind> refers to (since Linux 3.0). */
int setns(int fd, int nstype);
#define SOCKINSPECT_CLONE_NEWNET 0x40000000
#define SOCKINSPECT_CLONE_NEWUTS 0x04000000

/* fcntl.h: a place in the file system rather than its contents (since Linux 2.6.39); a file
 * without a name in the folder that is opened (since Linux 3.11; goes with O_DIRECTORY); a call on
 * the descriptor itself where the path is empty (since Linux 2.6.39). */
#define SOCKINSPECT_O_PATH 010000000
#define SOCKINSPECT_O_TMPFILE 020000000
#define SOCKINSPECT_AT_EMPTY_PATH 0x1000

/* linux/openat2.h: open below a folder that links cannot leave (since Linux 5.6). */
long syscall(long number, ...);
static inline int sockinspect_open_in_root(int folder, const char *path, int flags) {
  /* struct open_how: flags, mode, resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS */
  unsigned long long how[3] = {(unsigned int)flags, 0, 0x10 | 0x02};
  return (int)syscall(437L, (long)folder, path, how, sizeof how);
}

/* sys/statfs.h: which file system a folder lies on, the kernel's processes for one. The first word
 * of the buffer is its magic number; 256 bytes are enough on every architecture. */
#define SOCKINSPECT_PROC_SUPER_MAGIC 0x9fa0
int statfs(const char *path, void *buffer);
int fstatfs(int fd, void *buffer);
static inline long sockinspect_filesystem_type(const char *path) {
  long facts[64]; /* struct statfs begins with the type */
  return statfs(path, facts) == 0 ? facts[0] : -1;
}

/* net/if.h: the number of an interface, asked of a socket of any family. */
int ioctl(int fd, unsigned long request, ...);
struct sockinspect_ifreq {
  char name[16];
  int index;
  char rest[20];
};
static inline int sockinspect_interface_index(int socket, struct sockinspect_ifreq *request) {
  return ioctl(socket, 0x8933UL, request);
}

/* dirent.h: folder entries with inode and kind, many per call (C library 2.30). */
long getdents64(int fd, void *buffer, unsigned long length);

/* linux/netlink.h: protocols of an AF_NETLINK socket. */
#define SOCKINSPECT_AF_NETLINK 16
#define SOCKINSPECT_NETLINK_ROUTE 0
#define SOCKINSPECT_NETLINK_SOCK_DIAG 4

/* sys/socket.h: accept with flags for the new descriptor (since Linux 2.6.28). */
struct sockaddr;
int accept4(int fd, struct sockaddr *address, unsigned int *length, int flags);

/* sys/epoll.h (since Linux 2.6). The kernel packs the event on x86-64 only. */
struct sockinspect_epoll_event {
  unsigned int events;
  unsigned long long data;
#ifdef __x86_64__
} __attribute__((packed));
#else
};
#endif
int epoll_create1(int flags);
int epoll_ctl(int epfd, int operation, int fd, struct sockinspect_epoll_event *event);
int epoll_wait(int epfd, struct sockinspect_epoll_event *events, int most, int timeout);
#define SOCKINSPECT_EPOLL_CLOEXEC 02000000
#define SOCKINSPECT_EPOLL_CTL_ADD 1
#define SOCKINSPECT_EPOLL_CTL_DEL 2
#define SOCKINSPECT_EPOLL_CTL_MOD 3
#define SOCKINSPECT_EPOLLIN 0x001u
#define SOCKINSPECT_EPOLLOUT 0x004u
#define SOCKINSPECT_EPOLLRDHUP 0x2000u
#define SOCKINSPECT_POLLRDHUP 0x2000

/* sys/prctl.h: what the calling thread is called, and what it gets when its parent dies. */
int prctl(int option, ...);
static inline int sockinspect_prctl_name(const char *name) { return prctl(15, name, 0L, 0L, 0L); }
static inline int sockinspect_prctl_parent_death(int signal) {
  return prctl(1, (long)signal, 0L, 0L, 0L);
}

/* unistd.h: both ends closed on exec (since Linux 2.6.27). */
int pipe2(int ends[2], int flags);

/* sys/mman.h: a file in memory, without a name in any folder (since Linux 3.17). */
int memfd_create(const char *name, unsigned int flags);
#define SOCKINSPECT_MFD_CLOEXEC 0x0001u

/* sys/pidfd.h: a descriptor that polls readable once the process has ended (since Linux 5.3);
 * the C library has the function only since 2.36. */
static inline int sockinspect_pidfd_open(int pid) { return (int)syscall(434L, (long)pid, 0L); }

/* linux/kcmp.h: whether two threads share a table of descriptors: 0 when they do, -1 for an error
 * (since Linux 3.5, where the kernel was built with it; needs the rights of a debugger). */
static inline int sockinspect_kcmp_files(int one, int other) {
#ifdef __x86_64__
  return (int)syscall(312L, (long)one, (long)other, 2L, 0L, 0L);
#else
  return (int)syscall(272L, (long)one, (long)other, 2L, 0L, 0L);
#endif
}

/* sys/signalfd.h: signals as something to read (since Linux 2.6.27); the set is a sigset_t. */
int signalfd(int fd, const void *set, int flags);
#define SOCKINSPECT_SFD_CLOEXEC 02000000
#define SOCKINSPECT_SFD_NONBLOCK 00004000

/* sched.h: the processors a thread may run on, a bit each; 0 is the caller (since Linux 2.6). */
int sched_getaffinity(int pid, unsigned long size, unsigned long *mask);
int sched_setaffinity(int pid, unsigned long size, const unsigned long *mask);

/* sched.h: leave a namespace for a new one (since Linux 2.6.16). */
int unshare(int flags);

#endif
