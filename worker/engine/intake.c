#include "engine/state.h"

/* Whether events are taken at all: what an operator says, and what the service does. */

bool engine_pause(struct engine *engine)
{
    struct partition *partition, *next;

    if (engine->is_paused)
        return false;
    engine->is_paused = true;
    engine->paused_at_ms = engine->now_ms;
    trace_line(&engine->trace, engine->now_ms, "pause");
    HASH_ITER(hh, engine->partitions, partition, next) {
        if (partition->is_draining)
            partition_drain(engine, partition, partition->drain_until_ms);
    }
    return true;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* A document that fails was not tried meanwhile: the pause must not make it give up. */
static void forgive_lanes(struct engine *engine)
{
    struct lane *lane, *next;

    HASH_ITER(hh, engine->lanes, lane, next) {
        struct update *update = lane->update;

        if (update != NULL && update->failing_since_ms >= 0)
            update->failing_since_ms += engine->now_ms - later(update->failing_since_ms, engine->paused_at_ms);
    }
}

/* What was there at the assignment was not received meanwhile: it is waited for from now on. */
static void settle_on(struct engine *engine)
{
    struct partition *partition, *next;
    int64_t paused_ms = engine->now_ms - engine->paused_at_ms;

    HASH_ITER(hh, engine->partitions, partition, next) {
        if (partition->is_settling && partition->settle_until_ms != INT64_MAX)
            partition->settle_until_ms += paused_ms;
    }
}

bool engine_resume(struct engine *engine)
{
    bool was_flooded = flood_tripped(&engine->flood) != FLOOD_NONE;

    if (!engine->is_paused && !was_flooded)
        return false;
    trace_line(&engine->trace, engine->now_ms, "resume");
    flood_resume(&engine->flood);
    if (!engine->is_paused)
        return true;
    engine->is_paused = false;
    forgive_lanes(engine);
    settle_on(engine);
    return true;
}

enum intake engine_intake(const struct engine *engine)
{
    if (engine->is_paused)
        return INTAKE_PAUSED;
    if (flood_tripped(&engine->flood) != FLOOD_NONE)
        return INTAKE_FLOOD;
    if (engine->is_unauthorized)
        return INTAKE_UNAUTHORIZED;
    if (breaker_is_open(&engine->breaker))
        return INTAKE_OUTAGE;
    return engine_memory(engine) > engine->options.memory_max / 8 * 7 ? INTAKE_MEMORY : INTAKE_RUNNING;
}

/* --- memory --- */

size_t engine_memory(const struct engine *engine)
{
    return engine->arena_bytes + engine->documents.bytes + partitions_repeats_bytes(engine) + engine->outside_bytes;
}

void engine_save_memory(struct engine *engine)
{
    size_t saving_from = engine->options.memory_max / 4 * 3, memory = engine_memory(engine);

    if (memory <= saving_from)
        return;
    probe("memory is near its limit");
    while (engine->spare_count > 0)
        arena_free(engine->spare_arenas[--engine->spare_count]);
    memory = engine_memory(engine);
    if (memory > saving_from)
        documents_shrink(&engine->documents, memory - saving_from);
}
