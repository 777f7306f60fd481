/* engine/engine.h: the engine in a simulated world (tests/simulation) whose every decision libFuzzer takes: no check of
 * the simulation fails, none of the engine's own promises breaks, and no memory is read that is not its.
 *
 * Input: a tape, two bytes for each word. `build/release/simulation --bytes FILE` runs such a file, shrinks what fails,
 * prints what happened and keeps it as a tape. */
#include "fuzz.h"
#include "tests/simulation/shrink.h"

#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tape tape;
    struct run run;

    tape_bytes(&tape, (struct bytes){(const char *)data, size});
    run_tape(&tape, &run, NULL, NULL);
    if (run.check != NULL) {
        fprintf(stderr, "check: %s, step %llu: %s\n", run.check, (unsigned long long)run.step, run.text);
        abort();
    }
    tape_release(&tape);
    return 0;
}
