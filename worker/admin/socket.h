#ifndef IFMATCH_ADMIN_SOCKET_H
#define IFMATCH_ADMIN_SOCKET_H

#include "common/error.h"

#include <stdint.h>

/* A unix socket in the file system that its owner alone may use (mode 0600, from its first moment on). */
struct socket_file {
    char *path;
    int self; /* of the file itself, so that its number is not given to another one that comes to the path later */
};

/* Listens at `path`; its directory is made (0700) where only the last part is missing. A socket that a dead process left
 * is replaced; one that a living process listens on is an error that names it, and so is any other file. Of several
 * that begin at once one wins. The descriptor, non-blocking; -1: ERROR_USAGE, the path cannot be used. */
int socket_listen(const char *path, struct socket_file *ret_file, struct error *error);
/* Removes the file if it is still the same, and gives back what it holds; the descriptor stays open. */
void socket_remove(struct socket_file *file);

/* Connects; reads and writes give up after `timeout_ms`. -1: ERROR_UNAVAILABLE or ERROR_SYSTEM, the text says what to
 * do. */
int socket_connect(const char *path, int64_t timeout_ms, struct error *error);

#endif
