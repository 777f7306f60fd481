#ifndef IFMATCH_COMMON_FILE_H
#define IFMATCH_COMMON_FILE_H

#include "common/error.h"
#include <stddef.h>

/* The whole file, NUL-terminated; the caller frees it. NULL with `error` if it cannot be read or is larger than
 * `size_max`. "-" is standard input. */
char *file_read(const char *path, size_t size_max, size_t *ret_size, struct error *error);

#endif
