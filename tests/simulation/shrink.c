#include "shrink.h"

#include "options.h"

#include <string.h>

/* Cuts frames (halves, quarters, ... one), then lowers words, until nothing helps. Only a run in which the very same
 * check fails counts. */

#define REPLAYS_MAX 8000

struct shrinking {
    struct tape *tape;
    const char *check;
    size_t replays;
};

static bool fails(struct shrinking *shrinking, struct tape *trial)
{
    struct run run;

    shrinking->replays++;
    tape_rewind(trial);
    run_tape(trial, &run, NULL, NULL);
    return run.check != NULL && strcmp(run.check, shrinking->check) == 0;
}

/* Keeps the trial if it still fails. */
static bool keep(struct shrinking *shrinking, struct tape *trial)
{
    if (!fails(shrinking, trial)) {
        tape_release(trial);
        return false;
    }
    tape_release(shrinking->tape);
    *shrinking->tape = *trial;
    return true;
}

static bool shrink_by_cutting(struct shrinking *shrinking, size_t span)
{
    bool shorter = false;

    for (size_t first = OPTION_FRAMES; first < shrinking->tape->count && shrinking->replays < REPLAYS_MAX;) {
        struct tape trial = tape_without(shrinking->tape, first, span);

        if (keep(shrinking, &trial))
            shorter = true;
        else
            first += span;
    }
    return shorter;
}

static bool lower_word(struct shrinking *shrinking, size_t frame, size_t word)
{
    uint32_t value = shrinking->tape->frames[frame].words[word];
    const uint32_t lower[] = {0, value / 2, value > 0 ? value - 1 : 0};

    for (size_t i = 0; i < 3 && value > 0; i++) {
        struct tape trial = tape_copy(shrinking->tape);

        if (i > 0 && lower[i] == lower[i - 1]) {
            tape_release(&trial);
            continue;
        }
        trial.frames[frame].words[word] = lower[i];
        if (keep(shrinking, &trial))
            return true;
    }
    return false;
}

static bool shrink_by_lowering(struct shrinking *shrinking)
{
    bool lower = false;

    for (size_t frame = 0; frame < shrinking->tape->count; frame++) {
        for (size_t word = 0; word < FRAME_WORDS && shrinking->replays < REPLAYS_MAX; word++)
            lower |= lower_word(shrinking, frame, word);
    }
    return lower;
}

size_t shrink(struct tape *tape, const char *check)
{
    struct shrinking shrinking = {tape, check, 0};
    bool better;

    do {
        better = false;
        for (size_t span = tape->count / 2; span >= 1; span /= 2)
            better |= shrink_by_cutting(&shrinking, span);
        better |= shrink_by_lowering(&shrinking);
    } while (better && shrinking.replays < REPLAYS_MAX);
    return shrinking.replays;
}
