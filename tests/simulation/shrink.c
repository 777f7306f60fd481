#include "shrink.h"

#include "options.h"

#include <string.h>
#include <time.h>

/* Cuts frames (halves, quarters, ... one) and clears those that stay, then lowers words, until nothing helps. Only a run in which the very same
 * check fails counts. */

#define REPLAYS_MAX 8000
#define SECONDS_MAX 10 /* of the processor */

struct shrinking {
    struct tape *tape;
    const char *check;
    size_t replays;
    clock_t until;
};

static bool may_go_on(const struct shrinking *shrinking)
{
    return shrinking->replays < REPLAYS_MAX && clock() < shrinking->until;
}

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

    for (size_t first = OPTION_FRAMES; first < shrinking->tape->count && may_go_on(shrinking);) {
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

/* A step in which nothing special happens is easier to read than one less. */
static bool shrink_by_clearing(struct shrinking *shrinking)
{
    static const struct frame plain;
    bool plainer = false;

    for (size_t frame = 0; frame < shrinking->tape->count && may_go_on(shrinking); frame++) {
        struct tape trial;

        if (memcmp(&shrinking->tape->frames[frame], &plain, sizeof(plain)) == 0)
            continue;
        trial = tape_copy(shrinking->tape);
        trial.frames[frame] = plain;
        plainer |= keep(shrinking, &trial);
    }
    return plainer;
}

static bool shrink_by_lowering(struct shrinking *shrinking)
{
    bool lower = false;

    for (size_t frame = 0; frame < shrinking->tape->count; frame++) {
        for (size_t word = 0; word < FRAME_WORDS && may_go_on(shrinking); word++)
            lower |= lower_word(shrinking, frame, word);
    }
    return lower;
}

size_t shrink(struct tape *tape, const char *check)
{
    struct shrinking shrinking = {tape, check, 0, clock() + SECONDS_MAX * CLOCKS_PER_SEC};
    bool better;

    do {
        better = false;
        for (size_t span = tape->count / 2; span >= 1; span /= 2)
            better |= shrink_by_cutting(&shrinking, span);
        better |= shrink_by_clearing(&shrinking);
        if (!better)
            better = shrink_by_lowering(&shrinking);
    } while (better && may_go_on(&shrinking));
    return shrinking.replays;
}
