/* Processes and unix sockets whose names try to confuse whoever prints them. */
#include "zoo.h"

#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/un.h>
#include <unistd.h>

/* Printable, but poison to a parser that splits or counts quotes. */
static const char *const awkward[] = {"quo\"te", "spa ce", "com,ma", "back\\slash", "par(en"};

/* Would move the cursor, colour the screen, reverse the text, end a field early (ss cuts a name
 * at the parenthesis), or is no UTF-8 at all. */
static const char *const hostile[] = {
    "par)en",               "\"},{\"pid\":1",  "=1+1",
    "new\nline",            "bell\aback\b",     "esc\033[31mred",
    "tab\ttab",             "rlo\342\200\256x", "iso\342\201\246x",
    "bad\377\376utf",       "cut\342\202",      "c1\302\233\063\061m",
    "del\177",              "over\300\257long", "surr\355\240\200",
    "\303\244\346\227\245", "title\033]0;x\a",
};

static void bind_unix(const char *folder, const char *name) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int length = snprintf(address.sun_path, sizeof address.sun_path, "%s/%s", folder, name);
  int fd = made_socket(AF_UNIX, SOCK_DGRAM, 0);
  must(name, bind(fd, (struct sockaddr *)&address, (socklen_t)(sizeof(sa_family_t) + length)));
}

/* A child of that name holds an UDP socket and an unix socket of that name. */
static void bearing(const char *name, const char *folder) {
  int ready[2];
  must("pipe", pipe(ready));
  int pid = child();
  if (pid == 0) {
    prctl(PR_SET_NAME, name);
    bind_loopback(made_socket(AF_INET, SOCK_DGRAM, 0), AF_INET, 0);
    bind_unix(folder, name);
    must("report", (int)write(ready[1], "", 1));
    rest();
  }
  char byte;
  close(ready[1]);
  must("wait for the child", read(ready[0], &byte, 1) == 1 ? 0 : -1);
  close(ready[0]);
  named(name, strnlen(name, 15), pid);
}

void make_names(const char *folder, int with_hostile) {
  for (size_t i = 0; i < sizeof awkward / sizeof *awkward; i++) bearing(awkward[i], folder);
  for (size_t i = 0; with_hostile && i < sizeof hostile / sizeof *hostile; i++) {
    bearing(hostile[i], folder);
  }
}
