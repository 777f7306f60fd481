#ifndef IFMATCH_SIMULATION_SHRINK_H
#define IFMATCH_SIMULATION_SHRINK_H

#include "tape.h"

/* What one run of a tape came to. */
struct run {
    const char *check; /* NULL: every check passed */
    char text[600];
    uint64_t step;
    int64_t at_ms;
    uint64_t steps;
    uint64_t events;
    uint64_t fingerprint;
};

struct buffer;
/* Runs the tape in a new world. `trace` and `description` (of the options) may be NULL. */
void run_tape(struct tape *tape, struct run *ret_run, struct buffer *trace, struct buffer *description);

/* Makes the tape smaller as long as the same check fails; returns the number of replays. */
size_t shrink(struct tape *tape, const char *check);

#endif
