/* Where the installed kernel headers place the fields that ProcNet reads by offset.
 *
 * For tests only. The kernel's headers are included in the .c file and nowhere else: they
 * define types that the C library's module has under the same names. Structures, fields and
 * constants are asked for by the names the headers give them; every function answers false
 * for a name that the installed headers do not have. */
#ifndef LAYOUT_ORACLE_H
#define LAYOUT_ORACLE_H

#include <stdbool.h>

/* LINUX_VERSION_CODE of the installed headers: version << 16 | patch level << 8. */
int oracle_header_version(void);

/* Bytes that `struct <structure>` takes. */
bool oracle_size(const char *structure, int *bytes);

/* Offset and width, in bytes, of a field that is not a bit field. */
bool oracle_field(const char *structure, const char *field, int *offset, int *width);

/* The value of a constant or macro. */
bool oracle_constant(const char *name, long *value);

/* `struct tcp_info` as bytes, all zero but for one bit field: C decides where its bits are.
 * The bytes must have room for the structure. */
bool oracle_tcp_info_with_bits(const char *field, unsigned value, unsigned char *bytes);

#endif
