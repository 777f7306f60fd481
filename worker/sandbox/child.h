#ifndef IFMATCH_SANDBOX_CHILD_H
#define IFMATCH_SANDBOX_CHILD_H

#include "sandbox/sandbox.h"

/* For sandbox.c alone: what the two processes do. They say where they listen, or "!" and why they cannot, as
 * one line on `ready`, close it, and stay until they are killed. The result is the exit code. */
int broker_run(const struct sandbox_options *options, int ready);
int service_serve(const struct sandbox_options *options, int ready);

/* The line on `ready`. */
void child_say(int ready, const char *format, ...) __attribute__((format(__printf__, 2, 3)));

#endif
