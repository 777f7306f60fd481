#ifndef IFMATCH_COMMON_ERROR_H
#define IFMATCH_COMMON_ERROR_H

#include <stdarg.h>
#include <stdbool.h>

/* An error is a value: what failed, where, why, what to do. It reads from the outside in ("rules a.yaml:
 * line 7: unknown rule 'owner'"). Functions that can fail return bool with `struct error *error` last and
 * leave their other outputs untouched on failure. Logged once, by the caller at the top. An outcome of an
 * event (stale, conflict) is a value of its own, never an error. */
enum error_kind {
    ERROR_NONE,
    ERROR_USAGE,       /* wrong arguments or configuration: exit 2; a retry cannot help */
    ERROR_INPUT,       /* bytes from outside break a rule of their format */
    ERROR_UNAVAILABLE, /* broker, service, file not there: a retry may help */
    ERROR_SYSTEM,      /* the operating system or a library refused */
};

#define ERROR_TEXT_SIZE 1024

struct error {
    enum error_kind kind;
    char text[ERROR_TEXT_SIZE]; /* one line or more, no newline at the end, cut at the size between characters */
};

/* Both return false, so that `return error_set(...)` reads well. `error` may be NULL. */
bool error_set(struct error *error, enum error_kind kind, const char *format, ...)
    __attribute__((format(__printf__, 3, 4)));
/* Puts "format: " before the text that is there. */
bool error_wrap(struct error *error, const char *format, ...) __attribute__((format(__printf__, 2, 3)));
/* ERROR_SYSTEM with ": strerror(errno)" behind the text. */
bool error_set_errno(struct error *error, const char *format, ...) __attribute__((format(__printf__, 2, 3)));

#endif
