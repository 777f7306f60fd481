#include "engine/flood.h"

#include "common/check.h"

void flood_init(struct flood_guard *guard, struct flood_limit dead_letters, struct flood_limit conflicts)
{
    ensure(dead_letters.percent <= 100);
    ensure(conflicts.percent <= 100);
    *guard = (struct flood_guard){.limits = {[FLOOD_NONE] = {.is_off = true},
                                             [FLOOD_DEAD_LETTERS] = dead_letters,
                                             [FLOOD_CONFLICTS] = conflicts}};
}

static enum flood kind_of(enum outcome outcome)
{
    if (!outcome_is_dead_letter(outcome))
        return FLOOD_NONE;
    return outcome == OUTCOME_CONFLICT ? FLOOD_CONFLICTS : FLOOD_DEAD_LETTERS;
}

static bool is_flood(const struct flood_guard *guard, enum flood kind)
{
    const struct flood_limit *limit = &guard->limits[kind];
    uint32_t count = guard->counts[kind];

    return !limit->is_off && count >= limit->count_min && count * 100 > guard->filled * limit->percent;
}

static void count(struct flood_guard *guard, enum flood kind)
{
    if (guard->filled < FLOOD_EVENTS)
        guard->filled++;
    else
        guard->counts[guard->ring[guard->next]]--;
    guard->ring[guard->next] = (uint8_t)kind;
    guard->counts[kind]++;
    guard->next = (guard->next + 1) % FLOOD_EVENTS;
}

bool flood_note(struct flood_guard *guard, enum outcome outcome)
{
    enum flood kind = kind_of(outcome);

    count(guard, kind);
    if (guard->tripped != FLOOD_NONE || !is_flood(guard, kind))
        return false;
    guard->tripped = kind;
    return true;
}

enum flood flood_tripped(const struct flood_guard *guard)
{
    return guard->tripped;
}

void flood_resume(struct flood_guard *guard)
{
    flood_init(guard, guard->limits[FLOOD_DEAD_LETTERS], guard->limits[FLOOD_CONFLICTS]);
}
