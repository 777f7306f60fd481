#include "engine/state.h"

/* Looking in: what the engine holds and counts, for metrics, health pages and the operator. */

const struct counters *engine_counters(struct engine *engine)
{
    uint64_t *value = engine->counters.value;

    value[COUNTER_REQUESTS_IN_FLIGHT] = engine->in_flight;
    value[COUNTER_REQUESTS_LIMIT] = admission_limit(engine);
    value[COUNTER_DEAD_LETTERS_HELD] = publish_held_back(engine);
    value[COUNTER_BREAKER_OPENINGS] = breaker_openings(&engine->breaker);
    value[COUNTER_MEMORY_BYTES] = engine_memory(engine);
    value[COUNTER_REPEATS_BYTES] = partitions_repeats_bytes(engine);
    value[COUNTER_EVENTS_HELD] = engine->events_held;
    value[COUNTER_EVENTS_HELD_BYTES] = engine->events_bytes;
    value[COUNTER_LANES] = HASH_COUNT(engine->lanes);
    value[COUNTER_LANES_WAITING] = engine->waits.count;
    value[COUNTER_CACHE_BYTES] = engine->documents.bytes;
    value[COUNTER_CACHE_DOCUMENTS] = engine->documents.count;
    return &engine->counters;
}

/* What waits behind the oldest event is all that the partition may hold. */
static bool is_held_up(const struct engine *engine, struct partition *partition)
{
    return engine_intake(engine) == INTAKE_RUNNING && !partition->is_draining && !partition->is_settling &&
           (partition_is_crowded(partition) ||
            window_unfinished(partition->window) >= engine->options.partition_events_max);
}

static void look_at_partition(const struct engine *engine, struct partition *partition,
                              struct partition_state *ret_state)
{
    *ret_state = (struct partition_state){
        .partition = partition->number,
        .watermark = window_watermark(partition->window),
        .committed = partition->committed,
        .unfinished = (uint32_t)window_unfinished(partition->window),
        .oldest_received_ms = -1,
        .oldest_timestamp_ms = -1,
    };
    if (!list_is_empty(&partition->held)) {
        const struct held *oldest = list_item(partition->held.next, struct held, in_partition);

        ret_state->oldest_received_ms = oldest->received_ms;
        ret_state->oldest_timestamp_ms = oldest->finished.timestamp_ms;
        if (is_held_up(engine, partition))
            ret_state->held_up_by = oldest->finished.event.document;
    }
}

size_t engine_partitions(const struct engine *engine, struct partition_state *ret_states, size_t max)
{
    struct partition *partition, *next;
    size_t count = 0;

    HASH_ITER(hh, engine->partitions, partition, next) {
        if (count < max)
            look_at_partition(engine, partition, &ret_states[count]);
        count++;
    }
    return count;
}

bool engine_trace(const struct engine *engine, uint64_t *number, const char **ret_line)
{
    return trace_read(&engine->trace, number, ret_line);
}
