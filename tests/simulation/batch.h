#ifndef IFMATCH_SIMULATION_BATCH_H
#define IFMATCH_SIMULATION_BATCH_H

#include "shrink.h"

/* The exit codes name the class of a failure; a broken ensure() ends with 134. */
enum exit_code {
    EXIT_PASSED = 0,
    EXIT_USAGE = 2,
    EXIT_CHECK = 3,
    EXIT_LIVENESS = 4,
    EXIT_NOT_DETERMINISTIC = 5,
    EXIT_PROBE = 6,
};

struct batch_options {
    bool traces;        /* print the trace of the run */
    bool twice;         /* run everything twice and compare the fingerprints */
    bool probes;        /* print how often each path, fault and ending was reached */
    bool is_long;       /* print each minute how far it is */
    size_t jobs;        /* processes that share the work */
    const char *commit; /* 40 hex digits: 200 more seeds that come from them; NULL: none */
};

/* A batch as long as this reaches everything that there is, or the missing is a failure (EXIT_PROBE). */
#define SEEDS_THAT_REACH_ALL 20000

/* A failing run is shrunk, written as a tape and printed with its trace. */
enum exit_code batch_seed(uint64_t seed, const struct batch_options *options);
/* The same for an input of the fuzzer of the engine (tests/fuzz). */
enum exit_code batch_bytes(const char *path, const struct batch_options *options);
enum exit_code batch_tape(const char *path, const struct batch_options *options);
/* `count` seeds from `first` on, then the tapes of seeds_folder; ends with "N passed, N failed". */
enum exit_code batch_seeds(uint64_t first, uint64_t count, const char *seeds_folder, const struct batch_options *options);
/* For the mutants: seeds until one fails; prints "seed N: CHECK: what was seen", where CHECK may also be `ensure`, `hang`
 * (a run that does not end), `crash` and `deterministic`. */
enum exit_code batch_hunt(uint64_t first, uint64_t count);
enum exit_code batch_stories(const char *folder, bool accepts);
/* New ground with every commit, and still to be repeated. */
uint64_t seed_of(const char *text);

/* --- for seeds.c --- */
struct tally {
    uint64_t passed;
    uint64_t failed;
    enum exit_code code; /* of the last that failed */
};

void tally_count(struct tally *tally, enum exit_code code);
enum exit_code batch_run(struct tape *tape, const char *name, bool twice, bool reports, struct run *ret_run);
void batch_tapes(const char *folder, struct tally *tally);
double batch_clock(void); /* in seconds */

#endif
