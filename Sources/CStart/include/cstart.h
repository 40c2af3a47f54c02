/* What the program is started with, taken from the kernel's hands before main, and what lies in it.
 *
 * Swift's own CommandLine reads /proc/self/cmdline, and without it (no /proc, no free descriptor)
 * answers that there are no arguments. Here they come from where C has them. */
#ifndef SOCKINSPECT_CSTART_H
#define SOCKINSPECT_CSTART_H

/* How many words the command line has, the program's name included; -1 when it is not known. */
int sockinspect_argument_count(void);

/* A word of the command line, any bytes but zero; NULL outside of it. */
const char *sockinspect_argument(int index);

/* Makes the process what a C program is at the beginning of main: crashes and SIGQUIT have their
 * default effect, and the environment is the caller's. To be called first. */
void sockinspect_begin(void);

/* The commit that the program was built from and its day, "1a2b3c4d5e 2026-11-28"; NULL where the
 * build does not know it (see Package.swift). */
const char *sockinspect_commit(void);

/* The file name of an embedded manual page, `sockinspect-filter.7`; NULL behind the last one. */
const char *sockinspect_page_name(int index);

/* The same page in mdoc(7), as it is in man/; NULL behind the last one. */
const char *sockinspect_page_text(int index);

#endif
