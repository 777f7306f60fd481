#ifndef IFMATCH_SIMULATION_JOBS_H
#define IFMATCH_SIMULATION_JOBS_H

#include <stddef.h>

/* Work that is divided over forked processes. Each gets its number and a place of its own in memory that all of them
 * share, zeroed at the beginning, in which it leaves its results; the caller reads them when all have ended. */
struct jobs;

/* One for each core. */
size_t jobs_default(void);
struct jobs *jobs_new(size_t count, size_t result_bytes);
void jobs_free(struct jobs *jobs);
void *jobs_result(const struct jobs *jobs, size_t number);
/* Runs work(context, number) in each process. Returns 0, or the exit code of the first that died before its end:
 * 128 and the signal's number. */
int jobs_run(struct jobs *jobs, void (*work)(void *context, size_t number), void *context);

#endif
