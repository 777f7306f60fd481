#ifndef IFMATCH_SIMULATION_BATCH_H
#define IFMATCH_SIMULATION_BATCH_H

#include <stdbool.h>
#include <stdint.h>

/* The exit codes name the class of a failure. */
enum exit_code {
    EXIT_PASSED = 0,
    EXIT_USAGE = 2,
    EXIT_CHECK = 3,
    EXIT_LIVENESS = 4,
    EXIT_NOT_DETERMINISTIC = 5,
    EXIT_PROBE = 6,
};

struct batch_options {
    bool traces; /* print the trace of the run */
    bool twice;  /* run everything twice and compare the fingerprints */
    bool probes; /* say how often each rare path was passed; a known one that was not is a failure */
};

/* A failing run is shrunk, written as a tape and printed with its trace. */
enum exit_code batch_seed(uint64_t seed, const struct batch_options *options);
/* The same for an input of the fuzzer of the engine (tests/fuzz). */
enum exit_code batch_bytes(const char *path, const struct batch_options *options);
enum exit_code batch_tape(const char *path, const struct batch_options *options);
/* `count` seeds from `first` on, then the tapes of seeds_folder; ends with "N passed, N failed". */
enum exit_code batch_seeds(uint64_t first, uint64_t count, const char *seeds_folder, const struct batch_options *options);
enum exit_code batch_stories(const char *folder, bool accepts);

#endif
