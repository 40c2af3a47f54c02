#define _GNU_SOURCE
#include "cstart.h"

#include <signal.h>
#include <stdlib.h>

/* Swift's runtime installs handlers for crashes and SIGQUIT before main. They run a program
 * `swift-backtrace`, looked for beside this one and in libexec: who can write there would run code
 * with our rights. This names one that does not exist, before the runtime's constructors ask:
 * then they neither look for it (which takes /proc, and aborts without it) nor install a handler. */
static const char variable[] = "SWIFT_BACKTRACE";
static const char nothing[] = "enable=no,swift-backtrace=/nonexistent";

static int count = -1;
static char **words;
static const char *before;

/* The first priority that is not the C library's own; the runtime's constructors have none, and
 * so run later. Only where the runtime is a shared library, as in a debug build, it is earlier:
 * sockinspect_begin undoes what it did. */
__attribute__((constructor(101))) static void start(int argc, char **argv, char **environment) {
  (void)environment;
  count = argc;
  words = argv;
  before = getenv(variable);
  setenv(variable, nothing, 1);
}

int sockinspect_argument_count(void) { return count; }

const char *sockinspect_argument(int index) {
  return index >= 0 && index < count ? words[index] : NULL;
}

const char *sockinspect_commit(void) {
#ifdef SOCKINSPECT_COMMIT
  return SOCKINSPECT_COMMIT;
#else
  return NULL;
#endif
}

/* What the parent left ignored stays so, as after any exec. */
static void reset(int number) {
  struct sigaction action;
  if (sigaction(number, NULL, &action) != 0) return;
  if (!(action.sa_flags & SA_SIGINFO) && action.sa_handler == SIG_IGN) return;
  signal(number, SIG_DFL);
}

void sockinspect_begin(void) {
  static const int crashes[] = {
    SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV,
  };
  for (size_t index = 0; index < sizeof crashes / sizeof *crashes; index++) {
    reset(crashes[index]);
  }
  stack_t none = {.ss_flags = SS_DISABLE};
  sigaltstack(&none, NULL);
  if (before) {
    setenv(variable, before, 1);
  } else {
    unsetenv(variable);
  }
}
