#ifndef IFMATCH_COMMAND_DEMO_CHILDREN_H
#define IFMATCH_COMMAND_DEMO_CHILDREN_H

#include "common/error.h"

#include <stdint.h>
#include <sys/types.h>

/* The processes of the demo: this same program, started with other arguments. They die with their parent, whatever
 * happens to it, and are signalled by their pids alone. */
#define CHILDREN_MAX 8

struct child {
    const char *name;
    pid_t pid; /* 0: has ended */
};

struct children {
    struct child items[CHILDREN_MAX];
    size_t count;
};

/* Starts `ifmatch arguments...` (NULL-terminated). stdout goes to `output`, stderr to the end of the file `log_path`.
 * `name` must outlive it. */
bool children_start(struct children *children, const char *name, const char *const *arguments, int output,
                    const char *log_path, pid_t *ret_pid, struct error *error);
/* Sends SIGKILL and waits. */
void children_kill(struct children *children, pid_t pid);
/* The name of one that ended by itself since the last call, with a sentence how; NULL: none. */
const char *children_reap(struct children *children, char *ret_how, size_t how_size);
/* SIGTERM, and SIGKILL if it is there after `timeout_ms`. False: it did not leave as asked, with exit code 0. */
bool children_end(struct children *children, pid_t pid, int64_t timeout_ms, struct error *error);
/* SIGTERM to all in reverse order of their start, SIGKILL to those that are there after `timeout_ms` each. */
void children_stop(struct children *children, int64_t timeout_ms);

#endif
