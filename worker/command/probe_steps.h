#ifndef IFMATCH_COMMAND_PROBE_STEPS_H
#define IFMATCH_COMMAND_PROBE_STEPS_H

#include "service/service.h"

/* Does a service really refuse stale writes? Tried two-sided on one document: a wrong version must be refused, the right one
 * taken, and an old one refused again. A refusal alone proves nothing: some services refuse both. */

enum probe_verdict {
    PROBE_PROTECTED,
    PROBE_UNPROTECTED, /* a wrong or an old version was written over */
    PROBE_UNCLEAR,     /* it could not be tried to the end */
};

struct probe {
    struct service *service;
    struct bytes document; /* its id */
    struct bytes field;    /* JSON Pointer; absent: the first member that is a text and can be written */
    struct bytes value;    /* JSON that is put there for a moment; absent: the text with something behind it */
};

/* Prints a line for each step. What was changed is changed back: `ret_is_restored` says whether that could be done. */
enum probe_verdict probe_run(const struct probe *probe, bool *ret_is_restored);

/* A version like the given one that the service never gave out: a digit one lower, or another letter. */
struct bytes probe_wrong_version(struct bytes version, struct arena *arena);

#endif
